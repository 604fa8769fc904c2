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
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60)),
                ('act', models.CharField(max_length=20, verbose_name='做了什么')),
                ('order', models.CharField(blank=True, default='', max_length=60, verbose_name='单号')),
                ('data', models.JSONField(default=dict)),
                ('phone_at', models.DateTimeField(verbose_name='手机时间')),
                ('happened', models.DateTimeField(verbose_name='发生时间')),
                ('at', models.DateTimeField(verbose_name='收到时间')),
                ('code', models.CharField(max_length=40)),
                ('sentence', models.CharField(max_length=300, verbose_name='原因')),
                ('clause', models.CharField(blank=True, default='', max_length=40)),
                ('seen_at', models.DateTimeField(blank=True, null=True, verbose_name='本人已阅')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='处理时间')),
                ('settled', models.CharField(blank=True, default='', max_length=200, verbose_name='怎么处理的')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='项目')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='谁的手机')),
            ],
            options={
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['project', '-at'], name='phone_confl_project_ea9398_idx'), models.Index(fields=['company', '-at'], name='phone_confl_company_9603eb_idx'), models.Index(fields=['group', '-at'], name='phone_confl_group_i_5d100b_idx'), models.Index(condition=models.Q(('seen_at', None)), fields=['staff'], name='conflict_on_the_phone')],
                'constraints': [models.UniqueConstraint(fields=('staff', 'key'), name='conflict_once')],
            },
        ),
        migrations.CreateModel(
            name='PhoneFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64)),
                ('label', models.CharField(max_length=120)),
                ('kept_sha256', models.CharField(blank=True, default='', max_length=64)),
                ('size', models.PositiveIntegerField(default=0)),
                ('media_type', models.CharField(blank=True, default='', max_length=60)),
                ('refusal', models.CharField(blank=True, default='', max_length=300)),
                ('at', models.DateTimeField()),
                ('staff', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('staff', 'sha256'), name='phone_file_once')],
            },
        ),
    ]
