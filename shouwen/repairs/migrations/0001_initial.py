import django.db.models.deletion
import shouwen.repairs.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('cases', '0002_search_index'),
        ('estate', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='HandoverCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='验房时间')),
                ('with_whom', models.CharField(max_length=60, verbose_name='业主或代理人')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='项目')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handover_checks', to='estate.unit')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Defect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=40, verbose_name='部位')),
                ('text', models.CharField(max_length=200, verbose_name='缺陷')),
                ('size', models.CharField(choices=[('small', '小型维修'), ('larger', '较大型维修'), ('special', '特殊情况')], max_length=8, verbose_name='大小')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('check_made', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='defects', to='repairs.handovercheck')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Patrol',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checklist', models.CharField(max_length=60)),
                ('title', models.CharField(max_length=60, verbose_name='巡查')),
                ('clause', models.CharField(blank=True, default='', max_length=60)),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('area', models.CharField(blank=True, default='', max_length=60, verbose_name='区域')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='项目')),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['project', '-at'], name='repairs_pat_project_ce7254_idx')],
            },
        ),
        migrations.CreateModel(
            name='PatrolItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=60)),
                ('title', models.CharField(max_length=120)),
                ('ok', models.BooleanField(verbose_name='正常')),
                ('note', models.CharField(blank=True, default='', max_length=200, verbose_name='发现')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('patrol', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='repairs.patrol')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('ok', True), ('case__isnull', False), _connector='OR'), name='what_is_amiss_is_a_case')],
            },
        ),
        migrations.CreateModel(
            name='Roster',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField(verbose_name='自')),
                ('ends_at', models.DateTimeField(verbose_name='至')),
                ('head', models.BooleanField(default=False, verbose_name='当值负责人')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roster', to='accounts.orgunit')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='项目')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roster', to=settings.AUTH_USER_MODEL, verbose_name='值班人')),
            ],
            options={
                'ordering': ['starts_at', 'pk'],
                'indexes': [models.Index(fields=['department', 'ends_at'], name='repairs_ros_departm_aa79fe_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='duty_ends_after_it_begins')],
            },
        ),
        migrations.CreateModel(
            name='Skill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('trade', models.CharField(choices=[('water', '水'), ('power', '电'), ('carpentry', '木'), ('masonry', '泥瓦防水'), ('lock', '门锁门窗'), ('hvac', '空调暖通'), ('weak', '弱电消防'), ('lift', '电梯'), ('other', '综合')], max_length=12, verbose_name='工种')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skills', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('staff', 'trade'), name='skill_once')],
            },
        ),
        migrations.CreateModel(
            name='WorkOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='维修单号')),
                ('range', models.CharField(choices=[('home', '室内（家政）'), ('public', '公共区域')], max_length=8, verbose_name='范围')),
                ('work_class', models.CharField(blank=True, choices=[('general-fault', '一般性故障'), ('small', '小修'), ('medium', '中修'), ('large', '大修'), ('larger', '较大型维修'), ('special', '特殊情况'), ('project', '工程')], default='', max_length=16, verbose_name='等级')),
                ('trade', models.CharField(blank=True, choices=[('water', '水'), ('power', '电'), ('carpentry', '木'), ('masonry', '泥瓦防水'), ('lock', '门锁门窗'), ('hvac', '空调暖通'), ('weak', '弱电消防'), ('lift', '电梯'), ('other', '综合')], default='', max_length=12, verbose_name='工种')),
                ('urgent', models.BooleanField(default=False, verbose_name='紧急')),
                ('night', models.BooleanField(default=False, verbose_name='夜间')),
                ('mandatory', models.BooleanField(default=True, verbose_name='必办')),
                ('title', models.CharField(max_length=80, verbose_name='维修项目')),
                ('text', models.TextField(blank=True, default='', verbose_name='报修内容')),
                ('part', models.CharField(blank=True, choices=shouwen.repairs.models.house_parts, default='', max_length=16, verbose_name='部位')),
                ('materials', models.CharField(blank=True, default='', max_length=300, verbose_name='拟领材料')),
                ('payer', models.CharField(blank=True, default='', max_length=12, verbose_name='费用承担')),
                ('payer_words', models.CharField(blank=True, default='', max_length=200)),
                ('payer_clause', models.CharField(blank=True, default='', max_length=60)),
                ('paid', models.BooleanField(default=False, verbose_name='有偿')),
                ('mode', models.CharField(blank=True, choices=[('assign', '指派'), ('grab', '抢单'), ('rotate', '轮派')], default='', max_length=8, verbose_name='派工方式')),
                ('state', models.CharField(choices=[('open', '待派工'), ('sent', '待接单'), ('accepted', '已接单'), ('departed', '已出发'), ('on-site', '已到场'), ('paused', '等待'), ('done', '已完工'), ('checked', '已验收'), ('cancelled', '已取消')], default='open', max_length=10, verbose_name='状态')),
                ('refusal', models.CharField(blank=True, default='', max_length=300, verbose_name='退单理由')),
                ('waiting_for', models.CharField(blank=True, default='', max_length=120, verbose_name='等待')),
                ('appointment_from', models.DateTimeField(blank=True, null=True, verbose_name='预约自')),
                ('appointment_to', models.DateTimeField(blank=True, null=True, verbose_name='预约至')),
                ('agreed_by', models.CharField(blank=True, default='', max_length=60, verbose_name='谁约的')),
                ('opened_at', models.DateTimeField(verbose_name='开单时间')),
                ('hand_over_due_at', models.DateTimeField(blank=True, null=True, verbose_name='派工时限')),
                ('rung_at', models.DateTimeField(blank=True, null=True)),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='派工时间')),
                ('accepted_at', models.DateTimeField(blank=True, null=True, verbose_name='接单时间')),
                ('departed_at', models.DateTimeField(blank=True, null=True, verbose_name='出发时间')),
                ('arrived_at', models.DateTimeField(blank=True, null=True, verbose_name='到场时间')),
                ('made_safe_at', models.DateTimeField(blank=True, null=True, verbose_name='应急处置时间')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='完工时间')),
                ('result', models.CharField(blank=True, choices=[('repaired', '已修好'), ('made-safe', '已应急处置，待另修'), ('declined', '客户不同意报价，未维修'), ('no-fault', '检查无故障'), ('referred', '需转其他单位处理')], default='', max_length=12, verbose_name='结果')),
                ('done_text', models.TextField(blank=True, default='', verbose_name='处理情况')),
                ('labour_minutes', models.PositiveIntegerField(blank=True, null=True, verbose_name='工时（分钟）')),
                ('signed_name', models.CharField(blank=True, default='', max_length=60, verbose_name='签字人')),
                ('no_signature', models.CharField(blank=True, default='', max_length=100, verbose_name='未签字原因')),
                ('score_quality', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='服务质量')),
                ('score_attitude', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='服务态度')),
                ('opinion', models.TextField(blank=True, default='', verbose_name='客户意见')),
                ('phone_for_visit', models.CharField(blank=True, default='', max_length=40, verbose_name='回访电话')),
                ('comm_report', models.TextField(blank=True, default='', verbose_name='沟通情况')),
                ('comm_reported_at', models.DateTimeField(blank=True, null=True, verbose_name='汇报时间')),
                ('copy2_at', models.DateTimeField(blank=True, null=True, verbose_name='第二联收回')),
                ('copy1_at', models.DateTimeField(blank=True, null=True, verbose_name='第一联交班长')),
                ('training_case', models.BooleanField(default=False, verbose_name='培训案例')),
                ('checked_at', models.DateTimeField(blank=True, null=True, verbose_name='验收时间')),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to=settings.AUTH_USER_MODEL, verbose_name='维修工')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='cases.case')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='部门')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='项目')),
                ('signature', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.attachment', verbose_name='签字')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='estate.unit')),
            ],
            options={
                'ordering': ['-opened_at', '-pk'],
                'indexes': [models.Index(fields=['project', 'state', '-opened_at'], name='repairs_wor_project_66f9f6_idx'), models.Index(fields=['company', 'state', '-opened_at'], name='repairs_wor_company_29dea7_idx'), models.Index(fields=['group', 'state', '-opened_at'], name='repairs_wor_group_i_1bb799_idx'), models.Index(fields=['assignee', 'state'], name='repairs_wor_assigne_9263f9_idx'), models.Index(fields=['unit', '-opened_at'], name='repairs_wor_unit_id_092f3e_idx'), models.Index(condition=models.Q(('rung_at', None), ('sent_at', None)), fields=['hand_over_due_at'], name='order_not_handed_over')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['done', 'checked']), _negated=True), models.Q(('done_at__isnull', False), models.Q(('result', ''), _negated=True)), _connector='OR'), name='done_order_has_its_result'), models.CheckConstraint(condition=models.Q(('appointment_to', None), ('appointment_to__gt', models.F('appointment_from')), _connector='OR'), name='window_ends_after_it_begins')],
            },
        ),
    ]
