import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('accounts', '__first__'),
        ('cases', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Cursor',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('last', models.BigIntegerField(default=0)),
                ('behind', models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name='Visit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('rule', models.CharField(max_length=60)),
                ('regulation', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=60, verbose_name='回访')),
                ('clause', models.CharField(blank=True, default='', max_length=40)),
                ('kind', models.CharField(max_length=24)),
                ('draw', models.FloatField()),
                ('rate', models.FloatField()),
                ('target', models.FloatField()),
                ('state', models.CharField(choices=[('not-drawn', '未抽中'), ('planned', '待回访'), ('done', '已回访'), ('cancelled', '已取消')], max_length=10, verbose_name='状态')),
                ('topped_up', models.BooleanField(default=False)),
                ('after_at', models.DateTimeField(verbose_name='完成时间')),
                ('not_before', models.DateTimeField(verbose_name='最早')),
                ('due_at', models.DateTimeField(verbose_name='最晚')),
                ('visited_at', models.DateTimeField(blank=True, null=True, verbose_name='回访时间')),
                ('spoken_to', models.CharField(blank=True, default='', max_length=60, verbose_name='受访人')),
                ('mode', models.CharField(blank=True, default='', max_length=12, verbose_name='方式')),
                ('result', models.CharField(blank=True, choices=[('satisfied', '满意'), ('partly', '部分解决'), ('unsatisfied', '不满意')], default='', max_length=12, verbose_name='结果')),
                ('scores', models.JSONField(default=dict)),
                ('opinion', models.TextField(blank=True, default='', verbose_name='客户意见')),
                ('no_signature', models.CharField(blank=True, default='', max_length=100, verbose_name='未签名原因')),
                ('form_number', models.CharField(blank=True, default='', max_length=40, verbose_name='记录表编号')),
                ('assigned_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='指派人')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visits', to='cases.case')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.orgunit', verbose_name='项目')),
                ('signature', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.attachment', verbose_name='签名')),
                ('typed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('visitors', models.ManyToManyField(related_name='visits', to=settings.AUTH_USER_MODEL, verbose_name='回访人')),
            ],
            options={
                'ordering': ['due_at', 'pk'],
                'indexes': [models.Index(fields=['project', 'state', 'due_at'], name='followup_vi_project_e2bb19_idx'), models.Index(fields=['company', 'state', 'due_at'], name='followup_vi_company_6bdbe2_idx'), models.Index(fields=['group', 'state', 'due_at'], name='followup_vi_group_i_e5d144_idx'), models.Index(fields=['project', 'after_at'], name='followup_vi_project_27b34c_idx'), models.Index(fields=['company', 'after_at'], name='followup_vi_company_d90344_idx'), models.Index(fields=['group', 'after_at'], name='followup_vi_group_i_13ca30_idx')],
                'constraints': [models.UniqueConstraint(fields=('case', 'round', 'rule'), name='visit_once_a_round'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(('visited_at__isnull', False), models.Q(('result', ''), _negated=True)), _connector='OR'), name='done_visit_has_a_result')],
            },
        ),
        migrations.CreateModel(
            name='VisitAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('outcome', models.CharField(choices=[('no-answer', '无人接听'), ('not-home', '无人在家'), ('refused', '拒绝受访'), ('later', '约好再访')], max_length=12, verbose_name='情况')),
                ('note', models.CharField(blank=True, default='', max_length=200, verbose_name='说明')),
                ('again_at', models.DateTimeField(blank=True, null=True, verbose_name='约定时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='followup.visit')),
            ],
            options={
                'ordering': ['at'],
            },
        ),
        migrations.CreateModel(
            name='VisitItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(verbose_name='意见或问题')),
                ('answer', models.CharField(blank=True, default='', max_length=200, verbose_name='当场答复')),
                ('reply_by', models.DateTimeField(blank=True, null=True, verbose_name='约定答复时间')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('visit', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='followup.visit')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
    ]
