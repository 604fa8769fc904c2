import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('cases', '0002_search_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='PriceList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=60, verbose_name='名称')),
                ('kind', models.CharField(choices=[('repair', '有偿维修'), ('special', '特约服务')], max_length=10, verbose_name='种类')),
                ('must_post', models.BooleanField(default=False)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='项目')),
            ],
            options={
                'ordering': ['project_id', 'kind', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('project', 'kind'), name='one_price_list_of_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='PriceEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(verbose_name='版本')),
                ('state', models.CharField(choices=[('draft', '编制中'), ('submitted', '审批中'), ('approved', '已批准'), ('replaced', '已有新版')], default='draft', max_length=10, verbose_name='状态')),
                ('effective_from', models.DateField(blank=True, null=True, verbose_name='生效日期')),
                ('effective_until', models.DateField(blank=True, null=True)),
                ('basis', models.CharField(blank=True, default='', max_length=200, verbose_name='编制依据')),
                ('approval_number', models.CharField(blank=True, default='', max_length=60, verbose_name='批准文号')),
                ('approval_mode', models.CharField(blank=True, default='', max_length=10, verbose_name='审批或备案')),
                ('posted_at', models.DateTimeField(blank=True, null=True, verbose_name='公示时间')),
                ('posted_where', models.CharField(blank=True, default='', max_length=100, verbose_name='公示地点')),
                ('drafted_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('drafted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('price_list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='pricing.pricelist')),
            ],
            options={
                'ordering': ['price_list_id', '-version'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['approved', 'replaced']), _negated=True), ('effective_from__isnull', False), _connector='OR'), name='approved_edition_has_its_day'), models.UniqueConstraint(fields=('price_list', 'version'), name='edition_once'), models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'submitted'])), fields=('price_list',), name='one_edition_in_the_making')],
            },
        ),
        migrations.CreateModel(
            name='PriceApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=40, verbose_name='审批单位')),
                ('role', models.CharField(max_length=20)),
                ('outside', models.BooleanField(default=False)),
                ('modes', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('waiting', '待审批'), ('approved', '同意'), ('refused', '退回')], default='waiting', max_length=10, verbose_name='结果')),
                ('at', models.DateTimeField(blank=True, null=True)),
                ('mode', models.CharField(blank=True, default='', max_length=10)),
                ('number', models.CharField(blank=True, default='', max_length=60, verbose_name='文号')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='批准日期')),
                ('note', models.CharField(blank=True, default='', max_length=200, verbose_name='意见')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='approvals', to='pricing.priceedition')),
            ],
            options={
                'ordering': ['edition_id', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='PriceItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, verbose_name='编号')),
                ('name', models.CharField(max_length=80, verbose_name='项目')),
                ('content', models.CharField(blank=True, default='', max_length=300, verbose_name='内容')),
                ('unit', models.CharField(max_length=20, verbose_name='单位')),
                ('low', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='最低价')),
                ('high', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='最高价')),
                ('material_fee', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='材料费')),
                ('basis', models.CharField(blank=True, default='', max_length=200, verbose_name='定价依据')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='pricing.priceedition')),
            ],
            options={
                'ordering': ['edition_id', 'code'],
                'constraints': [models.UniqueConstraint(fields=('edition', 'code'), name='price_once_in_an_edition'), models.CheckConstraint(condition=models.Q(('low__gte', 0), ('high__gte', models.F('low'))), name='price_band_is_one')],
            },
        ),
        migrations.CreateModel(
            name='Quotation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='编号')),
                ('subject', models.CharField(blank=True, default='', max_length=40)),
                ('round', models.PositiveSmallIntegerField(default=1, verbose_name='第几轮')),
                ('total', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='合计')),
                ('state', models.CharField(choices=[('given', '待客户答复'), ('agreed', '客户同意'), ('declined', '客户不同意'), ('withdrawn', '已撤回')], default='given', max_length=10, verbose_name='状态')),
                ('given_at', models.DateTimeField(verbose_name='报价时间')),
                ('answered_by_name', models.CharField(blank=True, default='', max_length=60, verbose_name='答复人')),
                ('relation', models.CharField(blank=True, default='', max_length=20, verbose_name='与业主关系')),
                ('means', models.CharField(blank=True, choices=[('signature', '签字'), ('link', '网页确认'), ('call', '电话录音'), ('paper', '纸面签字')], default='', max_length=10, verbose_name='方式')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                ('note', models.CharField(blank=True, default='', max_length=200, verbose_name='说明')),
                ('attachment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.attachment')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quotations', to='cases.case')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('edition', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='quotations', to='pricing.priceedition')),
                ('given_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='项目')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(fields=['project', '-given_at'], name='pricing_quo_project_074bcd_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['given', 'agreed'])), fields=('case', 'subject', 'round'), name='one_quotation_stands'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'agreed'), _negated=True), models.Q(('answered_at__isnull', False), models.Q(('means', ''), _negated=True)), _connector='OR'), name='consent_says_who_and_when')],
            },
        ),
        migrations.CreateModel(
            name='QuotationLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='项目')),
                ('unit', models.CharField(blank=True, default='', max_length=20, verbose_name='单位')),
                ('quantity', models.DecimalField(decimal_places=2, max_digits=10, verbose_name='数量')),
                ('price', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='单价')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='金额')),
                ('material', models.BooleanField(default=False, verbose_name='材料')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pricing.priceitem')),
                ('quotation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='pricing.quotation')),
            ],
            options={
                'ordering': ['quotation_id', 'pk'],
            },
        ),
    ]
