import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Building',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='楼栋')),
                ('key', models.CharField(max_length=40)),
                ('handed_over_on', models.DateField(blank=True, null=True, verbose_name='交付日期')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='buildings', to='accounts.orgunit', verbose_name='项目')),
            ],
            options={
                'ordering': ['project_id', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('project', 'key'), name='building_once_in_a_project')],
            },
        ),
        migrations.CreateModel(
            name='BuildingNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80, verbose_name='标题')),
                ('text', models.CharField(blank=True, default='', max_length=500, verbose_name='内容')),
                ('starts_at', models.DateTimeField(verbose_name='自')),
                ('ends_at', models.DateTimeField(verbose_name='至')),
                ('posted_at', models.DateTimeField()),
                ('building', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='estate.building', verbose_name='楼栋')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('posted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='building_notices', to='accounts.orgunit')),
            ],
            options={
                'indexes': [models.Index(fields=['project', 'ends_at'], name='estate_buil_project_7cef4b_idx')],
            },
        ),
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='姓名')),
                ('code', models.CharField(blank=True, default='', max_length=40, verbose_name='客户编号')),
                ('kind', models.CharField(choices=[('person', '个人'), ('company', '单位')], default='person', max_length=10, verbose_name='性质')),
                ('care', models.CharField(blank=True, default='', max_length=200, verbose_name='关怀提示')),
                ('restriction', models.CharField(blank=True, default='', max_length=200, verbose_name='联系限制')),
                ('note', models.CharField(blank=True, default='', max_length=300, verbose_name='备注')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='customers', to='accounts.orgunit')),
            ],
            options={
                'indexes': [models.Index(fields=['project', 'name'], name='estate_cust_project_4a47dc_idx')],
            },
        ),
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('name', models.CharField(max_length=200, verbose_name='文件')),
                ('file', models.CharField(max_length=120)),
                ('state', models.CharField(choices=[('waiting', '等待检查'), ('checking', '检查中'), ('checked', '待确认'), ('confirmed', '等待导入'), ('applying', '导入中'), ('done', '已导入'), ('failed', '未导入')], default='waiting', max_length=10)),
                ('rows', models.PositiveIntegerField(default=0)),
                ('seen', models.PositiveIntegerField(default=0)),
                ('counts', models.JSONField(default=dict)),
                ('errors', models.PositiveIntegerField(default=0)),
                ('error_file', models.CharField(blank=True, default='', max_length=120)),
                ('message', models.CharField(blank=True, default='', max_length=300)),
                ('claimed_until', models.DateTimeField(blank=True, null=True)),
                ('fence', models.CharField(blank=True, default='', max_length=32)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='import_runs', to='accounts.orgunit')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Phone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, verbose_name='电话')),
                ('label', models.CharField(blank=True, default='', max_length=20, verbose_name='说明')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phones', to='estate.customer')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
            ],
            options={
                'indexes': [models.Index(fields=['number'], name='estate_phon_number_d1621f_idx')],
                'constraints': [models.UniqueConstraint(fields=('customer', 'number'), name='phone_once_per_customer')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entrance', models.CharField(blank=True, default='', max_length=20, verbose_name='单元')),
                ('room', models.CharField(max_length=20, verbose_name='房号')),
                ('floor', models.CharField(blank=True, default='', max_length=10, verbose_name='楼层')),
                ('key', models.CharField(max_length=80)),
                ('label', models.CharField(max_length=80, verbose_name='房屋')),
                ('use', models.CharField(blank=True, default='', max_length=20, verbose_name='用途')),
                ('area', models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, verbose_name='建筑面积')),
                ('state', models.CharField(blank=True, default='', max_length=20, verbose_name='状态')),
                ('handed_over_on', models.DateField(blank=True, null=True, verbose_name='交付日期')),
                ('note', models.CharField(blank=True, default='', max_length=300, verbose_name='备注')),
                ('building', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='estate.building', verbose_name='楼栋')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='units', to='accounts.orgunit')),
            ],
            options={
                'ordering': ['building_id', 'entrance', 'room'],
                'indexes': [models.Index(fields=['project', 'room'], name='estate_unit_project_63af0c_idx')],
                'constraints': [models.UniqueConstraint(fields=('project', 'key'), name='unit_once_in_a_project')],
            },
        ),
        migrations.CreateModel(
            name='Occupancy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('relation', models.CharField(choices=[('owner', '业主'), ('tenant', '租户'), ('family', '家属'), ('other', '其他')], max_length=10, verbose_name='关系')),
                ('since', models.DateField(blank=True, null=True, verbose_name='自')),
                ('until', models.DateField(blank=True, null=True, verbose_name='至')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='occupancies', to='estate.customer', verbose_name='客户')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='occupancies', to='estate.unit', verbose_name='房屋')),
            ],
            options={
                'ordering': ['relation', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('unit', 'customer', 'relation'), name='occupancy_once_at_a_time'), models.CheckConstraint(condition=models.Q(('until', None), ('since', None), ('until__gte', models.F('since')), _connector='OR'), name='occupancy_ends_after_it_begins')],
            },
        ),
    ]
