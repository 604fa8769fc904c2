import django.db.models.deletion
from decimal import Decimal
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
            name='Material',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, verbose_name='编号')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('spec', models.CharField(blank=True, default='', max_length=60, verbose_name='规格')),
                ('unit', models.CharField(max_length=10, verbose_name='单位')),
                ('kind', models.CharField(blank=True, default='', max_length=40, verbose_name='物品类型')),
                ('price', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=12, verbose_name='单价')),
                ('sold_from', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='对外最低售价')),
                ('sold_to', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='对外最高售价')),
                ('low_mark', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=12, verbose_name='告警库存')),
                ('barcode', models.CharField(blank=True, default='', max_length=40, verbose_name='条码')),
                ('fixed', models.BooleanField(default=False, verbose_name='固定物品')),
                ('note', models.CharField(blank=True, default='', max_length=200, verbose_name='备注')),
                ('active', models.BooleanField(default=True, verbose_name='在用')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='项目')),
            ],
            options={
                'ordering': ['code'],
                'indexes': [models.Index(fields=['project', 'name'], name='stores_mate_project_e9650f_idx')],
                'constraints': [models.UniqueConstraint(fields=('project', 'code'), name='material_code_once'), models.UniqueConstraint(condition=models.Q(('barcode', ''), _negated=True), fields=('project', 'barcode'), name='barcode_once')],
            },
        ),
        migrations.CreateModel(
            name='Store',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='库房')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('holder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stores', to=settings.AUTH_USER_MODEL, verbose_name='持有人')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='项目')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('holder__isnull', False)), fields=('project', 'holder'), name='one_own_stock_in_a_project'), models.UniqueConstraint(condition=models.Q(('holder', None)), fields=('project', 'name'), name='store_room_name_once')],
            },
        ),
        migrations.CreateModel(
            name='Requisition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='编号')),
                ('subject', models.CharField(blank=True, default='', max_length=40, verbose_name='维修单')),
                ('asked_at', models.DateTimeField(verbose_name='申请时间')),
                ('state', models.CharField(choices=[('asked', '待发料'), ('issued', '已发料'), ('cancelled', '已取消')], default='asked', max_length=10, verbose_name='状态')),
                ('issued_at', models.DateTimeField(blank=True, null=True, verbose_name='发料时间')),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True, verbose_name='签收第二联')),
                ('cancelled_because', models.CharField(blank=True, default='', max_length=100, verbose_name='取消原因')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='申请人')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='requisitions', to='cases.case')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('engineer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='领料人')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='库管')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='项目')),
                ('store', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store', verbose_name='发料库房')),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
                'indexes': [models.Index(fields=['project', 'state', '-asked_at'], name='stores_requ_project_2779c8_idx'), models.Index(fields=['subject'], name='stores_requ_subject_226725_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'issued'), _negated=True), models.Q(('issued_at__isnull', False), ('store__isnull', False)), _connector='OR'), name='issued_from_a_store')],
            },
        ),
        migrations.CreateModel(
            name='RequisitionLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='申领数量')),
                ('issued', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=12, verbose_name='实发数量')),
                ('material', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.material')),
                ('requisition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='stores.requisition')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('requisition', 'material'), name='asked_once'), models.CheckConstraint(condition=models.Q(('asked__gt', 0), ('issued__gte', 0), ('issued__lte', models.F('asked'))), name='issued_within_what_was_asked')],
            },
        ),
        migrations.CreateModel(
            name='StockCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='编号')),
                ('state', models.CharField(choices=[('counted', '差异待批准'), ('approved', '已确认'), ('refused', '退回重盘')], max_length=10, verbose_name='状态')),
                ('counted_at', models.DateTimeField(verbose_name='盘点时间')),
                ('note', models.CharField(blank=True, default='', max_length=200, verbose_name='说明')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='批准时间')),
                ('opinion', models.CharField(blank=True, default='', max_length=200, verbose_name='批准意见')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('counted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='盘点人')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='批准人')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='项目')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='counts', to='stores.store')),
            ],
            options={
                'ordering': ['-counted_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='StockCountLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('expected', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='账面数')),
                ('counted', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='实盘数')),
                ('count', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='stores.stockcount')),
                ('material', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.material')),
            ],
            options={
                'ordering': ['material__code'],
                'constraints': [models.UniqueConstraint(fields=('count', 'material'), name='counted_once'), models.CheckConstraint(condition=models.Q(('counted__gte', 0)), name='nothing_counted_below_zero')],
            },
        ),
        migrations.CreateModel(
            name='Stock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.DecimalField(decimal_places=2, default=Decimal('0.00'), max_digits=12, verbose_name='数量')),
                ('material', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stock', to='stores.material')),
                ('store', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stock', to='stores.store')),
            ],
            options={
                'ordering': ['material__code', 'store_id'],
                'constraints': [models.UniqueConstraint(fields=('store', 'material'), name='stock_once'), models.CheckConstraint(condition=models.Q(('quantity__gte', 0)), name='stock_is_never_negative')],
            },
        ),
        migrations.CreateModel(
            name='Move',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('receive', '入库'), ('draw', '领料'), ('return', '退料'), ('use', '用料'), ('transfer', '调拨'), ('count', '盘点调整')], max_length=10, verbose_name='种类')),
                ('quantity', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='数量')),
                ('price', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='单价')),
                ('subject', models.CharField(blank=True, default='', max_length=40, verbose_name='维修单')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('recorded_at', models.DateTimeField(verbose_name='录入时间')),
                ('note', models.CharField(blank=True, default='', max_length=200, verbose_name='说明')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='经手人')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='material_moves', to='cases.case')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('material', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='stores.material')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='项目')),
                ('requisition', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='stores.requisition')),
                ('count', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='stores.stockcount')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store', verbose_name='从')),
                ('target', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.store', verbose_name='到')),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['project', '-at'], name='stores_move_project_671484_idx'), models.Index(fields=['material', '-at'], name='stores_move_materia_753706_idx'), models.Index(fields=['subject'], name='stores_move_subject_aa78de_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('quantity__gt', 0), models.Q(('source__isnull', False), ('target__isnull', False), _connector='OR')), name='something_moves_somewhere')],
            },
        ),
    ]
