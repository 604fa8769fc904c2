import django.db.models.deletion
import shouwen.accounts.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Staff',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('username', models.CharField(max_length=40, unique=True, verbose_name='登录名')),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='工号')),
                ('name', models.CharField(max_length=40, verbose_name='姓名')),
                ('phone', models.CharField(blank=True, default='', max_length=20, verbose_name='电话')),
                ('is_active', models.BooleanField(default=True, verbose_name='在职')),
                ('must_change_password', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='OrgUnit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('group', '集团'), ('company', '公司'), ('project', '项目'), ('department', '部门'), ('team', '班组')], max_length=12, verbose_name='层级')),
                ('code', models.CharField(max_length=24, unique=True, verbose_name='代码')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('path', models.CharField(db_index=True, editable=False, max_length=120)),
                ('function', models.CharField(blank=True, choices=[('service', '客服部'), ('engineering', '工程部'), ('security', '护管部'), ('environment', '环境部'), ('finance', '财务部'), ('community', '社区经营部'), ('brand', '品牌部'), ('office', '办公室'), ('developer', '开发商对接')], default='', max_length=20, verbose_name='职能')),
                ('contractor', models.BooleanField(default=False, verbose_name='外包')),
                ('aliases', models.JSONField(blank=True, default=list, verbose_name='别名')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='停用时间')),
                ('company', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('group', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='accounts.orgunit', verbose_name='上级')),
                ('project', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
            ],
            options={
                'ordering': ['path'],
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='用途')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('rights', models.JSONField(default=list, verbose_name='权限')),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='到期')),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('last_used_at', models.DateTimeField(blank=True, null=True)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to=settings.AUTH_USER_MODEL, verbose_name='以谁的名义')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='范围')),
            ],
        ),
        migrations.CreateModel(
            name='Absence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField(verbose_name='自')),
                ('ends_at', models.DateTimeField(verbose_name='至')),
                ('reason', models.CharField(blank=True, default='', max_length=100, verbose_name='事由')),
                ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='代理人')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absences', to=settings.AUTH_USER_MODEL, verbose_name='人员')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='absence_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('record', models.CharField(max_length=20)),
                ('record_id', models.BigIntegerField()),
                ('field', models.CharField(default='phone', max_length=20)),
                ('purpose', models.CharField(blank=True, default='', max_length=100)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('project', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
            ],
            options={
                'ordering': ['-at'],
                'indexes': [models.Index(fields=['record', 'record_id', 'at'], name='accounts_di_record_f4e73d_idx')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=shouwen.accounts.models.role_choices, max_length=20, verbose_name='角色')),
                ('since', models.DateTimeField(verbose_name='自')),
                ('until', models.DateTimeField(blank=True, null=True, verbose_name='至')),
                ('main', models.BooleanField(default=True, verbose_name='主要任职')),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to=settings.AUTH_USER_MODEL, verbose_name='人员')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='accounts.orgunit', verbose_name='单位')),
            ],
            options={
                'ordering': ['-main', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('staff', 'unit', 'role'), name='post_held_once')],
            },
        ),
    ]
