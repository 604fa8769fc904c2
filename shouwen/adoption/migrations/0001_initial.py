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
            name='PinnedRulebook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('editions', models.JSONField()),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='RegulationEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('regulation', models.CharField(max_length=40)),
                ('edition', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=80)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('content', models.JSONField()),
                ('stored_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='WorkCalendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='名称')),
                ('content', models.JSONField()),
                ('source', models.CharField(blank=True, default='', max_length=200, verbose_name='依据')),
                ('round_the_clock', models.JSONField(blank=True, default=list)),
                ('created_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(blank=True, null=True, verbose_name='批准时间')),
                ('since', models.DateTimeField(blank=True, null=True, verbose_name='生效')),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calendars', to='accounts.orgunit', verbose_name='单位')),
            ],
            options={
                'ordering': ['unit__path', '-since', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Adoption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='次序')),
                ('since', models.DateTimeField(verbose_name='生效')),
                ('until', models.DateTimeField(blank=True, null=True, verbose_name='失效')),
                ('tightened', models.JSONField(blank=True, default=dict)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adoptions', to='accounts.orgunit', verbose_name='单位')),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='adoption.regulationedition', verbose_name='制度版本')),
            ],
            options={
                'ordering': ['unit__path', 'position', '-since'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('until', None)), fields=('unit', 'position'), name='one_adoption_in_a_place')],
            },
        ),
    ]
