
import django.db.models.deletion
import shouwen.cases.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('adoption', '0001_initial'),
        ('estate', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='编号')),
                ('title', models.CharField(max_length=80, verbose_name='摘要')),
                ('text', models.TextField(verbose_name='内容')),
                ('status', models.CharField(choices=[('registered', '已登记'), ('dispatched', '已派单'), ('accepted', '处理中'), ('waiting', '等待'), ('done', '已完成'), ('fed-back', '已反馈'), ('closed', '已关闭'), ('merged', '已并入'), ('void', '已作废')], default='registered', max_length=12, verbose_name='状态')),
                ('round', models.PositiveSmallIntegerField(default=1, verbose_name='第几轮')),
                ('kind', models.CharField(default='other', max_length=24, verbose_name='类别')),
                ('source', models.CharField(max_length=24, verbose_name='来源')),
                ('urgent', models.BooleanField(default=False, verbose_name='紧急')),
                ('facts', models.JSONField(default=dict)),
                ('customer_name', models.CharField(blank=True, default='', max_length=60, verbose_name='客户')),
                ('customer_phone', models.CharField(blank=True, default='', max_length=40, verbose_name='电话')),
                ('address', models.CharField(blank=True, default='', max_length=120, verbose_name='房号')),
                ('opened_at', models.DateTimeField(verbose_name='登记时间')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
                ('fed_back_at', models.DateTimeField(blank=True, null=True, verbose_name='反馈时间')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='关闭时间')),
                ('waiting_for', models.CharField(blank=True, default='', max_length=80, verbose_name='等待')),
                ('next_due_at', models.DateTimeField(blank=True, null=True, verbose_name='最近到期')),
                ('void_requested', models.BooleanField(default=False)),
                ('version', models.PositiveIntegerField(default=0)),
                ('head', models.CharField(default='', max_length=64)),
                ('indexed_version', models.IntegerField(default=-1)),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assigned_cases', to=settings.AUTH_USER_MODEL, verbose_name='处理人')),
                ('calendar', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='adoption.workcalendar')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='estate.customer')),
                ('delegate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delegated_cases', to=settings.AUTH_USER_MODEL, verbose_name='代办人')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='主办部门')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='absorbed', to='cases.case')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='owned_cases', to=settings.AUTH_USER_MODEL, verbose_name='首问责任人')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='项目')),
                ('rulebook', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='adoption.pinnedrulebook')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='estate.unit')),
            ],
            options={
                'ordering': ['-opened_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='JournalAnchor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('cases', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('previous', models.CharField(blank=True, default='', max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='NumberSeries',
            fields=[
                ('name', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('last', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='SearchText',
            fields=[
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_text', serialize=False, to='cases.case')),
                ('body', models.TextField()),
                ('indexed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='编号')),
                ('source', models.CharField(default='phone', max_length=24, verbose_name='来源')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('recorded_at', models.DateTimeField(verbose_name='录入时间')),
                ('heard_by', models.CharField(blank=True, default='', max_length=40, verbose_name='听到的人')),
                ('heard_at', models.DateTimeField(blank=True, null=True, verbose_name='听到的时间')),
                ('name', models.CharField(blank=True, default='', max_length=60, verbose_name='客户姓名')),
                ('phone', models.CharField(blank=True, default='', max_length=40, verbose_name='电话')),
                ('address', models.CharField(blank=True, default='', max_length=120, verbose_name='房号')),
                ('text', models.TextField(verbose_name='内容')),
                ('night', models.BooleanField(default=False, verbose_name='夜间')),
                ('late_entry', models.BooleanField(default=False, verbose_name='补录')),
                ('stand_in', models.BooleanField(default=False, verbose_name='代接')),
                ('sender', models.CharField(blank=True, default='', max_length=60, verbose_name='转办单位')),
                ('sender_number', models.CharField(blank=True, default='', max_length=60, verbose_name='转办编号')),
                ('sender_due', models.DateTimeField(blank=True, null=True, verbose_name='转办时限')),
                ('ticks', models.JSONField(blank=True, default=dict, verbose_name='确认事项')),
                ('details', models.JSONField(blank=True, default=dict)),
                ('answer', models.TextField(blank=True, default='', verbose_name='当场答复')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('origin', models.CharField(blank=True, default='', max_length=120)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contacts', to='estate.customer')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('previous', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cases.contact')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='项目')),
                ('received_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='受理人')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='contacts', to='estate.unit')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='case',
            name='contact',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='cases.contact'),
        ),
        migrations.CreateModel(
            name='Done',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=255)),
                ('actor', models.CharField(max_length=40)),
                ('request', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField(default=200)),
                ('answer', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['at'], name='cases_done_at_a26d12_idx')],
                'constraints': [models.UniqueConstraint(fields=('actor', 'key'), name='done_once_for_a_key')],
            },
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60)),
                ('reason', models.CharField(max_length=200)),
                ('placed_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='JournalEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField()),
                ('verb', models.CharField(choices=shouwen.cases.models.verb_choices, max_length=20)),
                ('at', models.DateTimeField(verbose_name='发生时间')),
                ('recorded_at', models.DateTimeField(verbose_name='录入时间')),
                ('roles', models.JSONField(default=list)),
                ('said_by', models.CharField(blank=True, default='', max_length=60, verbose_name='谁说的')),
                ('data', models.JSONField(default=dict)),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='journal', to='cases.case')),
            ],
            options={
                'ordering': ['case_id', 'seq'],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=120)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('media_type', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='cases.case')),
                ('contact', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='cases.contact')),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='attachments', to='cases.journalentry')),
            ],
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('query', models.CharField(max_length=500)),
                ('default', models.BooleanField(default=False)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='StockTake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='日期')),
                ('at', models.DateTimeField(verbose_name='盘点时间')),
                ('open_cases', models.PositiveIntegerField()),
                ('late_cases', models.PositiveIntegerField()),
                ('notes', models.TextField(blank=True, default='', verbose_name='批示')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='项目')),
            ],
            options={
                'ordering': ['-day', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CaseLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('related', '相关'), ('merged', '并入'), ('split', '拆出'), ('again', '再次提出')], max_length=10)),
                ('at', models.DateTimeField()),
                ('a', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
                ('b', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('a', 'b', 'kind'), name='linked_once'), models.CheckConstraint(condition=models.Q(('a', models.F('b')), _negated=True), name='not_linked_to_itself')],
            },
        ),
        migrations.CreateModel(
            name='CasePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('lead', models.BooleanField(verbose_name='主办')),
                ('state', models.CharField(choices=[('sent', '待接单'), ('accepted', '已接单'), ('refused', '退单待裁定'), ('done', '已完成'), ('withdrawn', '已撤回')], default='sent', max_length=10)),
                ('sent_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('refusal', models.CharField(blank=True, default='', max_length=300, verbose_name='退单理由')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='cases.case')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='部门')),
            ],
            options={
                'ordering': ['-lead', 'pk'],
                'indexes': [models.Index(fields=['department', 'state'], name='cases_casep_departm_fd8fcc_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('lead', True), ('state__in', ['sent', 'accepted', 'refused', 'done'])), fields=('case',), name='one_leading_department'), models.UniqueConstraint(condition=models.Q(('state', 'withdrawn'), _negated=True), fields=('case', 'department'), name='department_once_in_a_case')],
            },
        ),
        migrations.CreateModel(
            name='Commitment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120)),
                ('rule', models.CharField(max_length=60)),
                ('regulation', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=60)),
                ('clause', models.CharField(blank=True, default='', max_length=40)),
                ('default', models.BooleanField(default=False)),
                ('customer_facing', models.BooleanField(default=True)),
                ('urgent', models.BooleanField(default=False)),
                ('started_at', models.DateTimeField()),
                ('not_before', models.DateTimeField(null=True)),
                ('due_at', models.DateTimeField(null=True)),
                ('first_due_at', models.DateTimeField(null=True)),
                ('provisional', models.BooleanField(default=False)),
                ('words', models.TextField(default='')),
                ('paused', models.BooleanField(default=False)),
                ('outcome', models.CharField(blank=True, choices=[('met', '按时'), ('late', '超时'), ('waived', '免责')], default='', max_length=6)),
                ('ended_at', models.DateTimeField(null=True)),
                ('why', models.CharField(blank=True, default='', max_length=100)),
                ('late_at', models.DateTimeField(null=True)),
                ('rings', models.JSONField(default=list)),
                ('next_ring_at', models.DateTimeField(null=True)),
                ('rung', models.PositiveSmallIntegerField(default=0)),
                ('generation', models.PositiveSmallIntegerField(default=0)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='commitments', to='cases.case')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='项目')),
            ],
            options={
                'ordering': ['due_at', 'pk'],
                'indexes': [models.Index(condition=models.Q(('outcome', '')), fields=['next_ring_at'], name='commitment_rings'), models.Index(condition=models.Q(('outcome', '')), fields=['project', 'due_at'], name='promise_project'), models.Index(condition=models.Q(('outcome', '')), fields=['company', 'due_at'], name='promise_company'), models.Index(condition=models.Q(('outcome', '')), fields=['group', 'due_at'], name='promise_group'), models.Index(condition=models.Q(('outcome', '')), fields=['holder', 'due_at'], name='promise_holder'), models.Index(condition=models.Q(('outcome', '')), fields=['department', 'due_at'], name='promise_department'), models.Index(fields=['project', 'rule', 'started_at'], name='cases_commi_project_ecd5ca_idx'), models.Index(condition=models.Q(('outcome', ''), _negated=True), fields=['project', 'due_at', 'outcome'], name='judged_project'), models.Index(condition=models.Q(('outcome', ''), _negated=True), fields=['company', 'due_at', 'outcome'], name='judged_company'), models.Index(condition=models.Q(('outcome', ''), _negated=True), fields=['group', 'due_at', 'outcome'], name='judged_group'), models.Index(condition=models.Q(('outcome', ''), _negated=True), fields=['holder', 'due_at', 'outcome'], name='judged_holder')],
                'constraints': [models.UniqueConstraint(fields=('case', 'key'), name='commitment_once'), models.CheckConstraint(condition=models.Q(('outcome', ''), ('ended_at__isnull', False), _connector='OR'), name='ended_has_its_time')],
            },
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['project', '-at'], name='cases_conta_project_f20cf8_idx'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['company', '-at'], name='cases_conta_company_313020_idx'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['group', '-at'], name='cases_conta_group_i_52222b_idx'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['phone', '-at'], name='cases_conta_phone_fd211f_idx'),
        ),
        migrations.AddIndex(
            model_name='contact',
            index=models.Index(fields=['unit', '-at'], name='cases_conta_unit_id_1fe23d_idx'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.UniqueConstraint(condition=models.Q(('origin', ''), _negated=True), fields=('project', 'origin'), name='imported_once'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['project', '-opened_at'], name='cases_case_project_e0468b_idx'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['company', '-opened_at'], name='cases_case_company_23ff34_idx'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['group', '-opened_at'], name='cases_case_group_i_51f9c9_idx'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None), models.Q(('status__in', ['void', 'merged']), _negated=True)), fields=['project', 'next_due_at'], name='case_open_project'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None), models.Q(('status__in', ['void', 'merged']), _negated=True)), fields=['company', 'next_due_at'], name='case_open_company'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None), models.Q(('status__in', ['void', 'merged']), _negated=True)), fields=['group', 'next_due_at'], name='case_open_group'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['unit', '-opened_at'], name='cases_case_unit_id_7bab2c_idx'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['customer_phone'], name='cases_case_custome_e889df_idx'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('indexed_version', models.F('version')), _negated=True), fields=['id'], name='case_not_indexed'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('status', 'merged')), fields=['status'], name='case_merged'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'closed'), _negated=True), ('closed_at__isnull', False), _connector='OR'), name='closed_has_its_time'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.UniqueConstraint(fields=('case', 'key'), name='held_once'),
        ),
        migrations.AddConstraint(
            model_name='journalentry',
            constraint=models.UniqueConstraint(fields=('case', 'seq'), name='one_entry_in_a_place'),
        ),
        migrations.AddConstraint(
            model_name='attachment',
            constraint=models.CheckConstraint(condition=models.Q(('case__isnull', False), ('contact__isnull', False), _connector='OR'), name='file_belongs_somewhere'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(fields=('staff', 'page', 'name'), name='one_view_of_a_name'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(condition=models.Q(('default', True)), fields=('staff', 'page'), name='one_default_view'),
        ),
        migrations.AddConstraint(
            model_name='stocktake',
            constraint=models.UniqueConstraint(fields=('project', 'day'), name='one_stock_take_a_day'),
        ),
    ]
