import casewell.tenancy.fields
import casewell.tenancy.ids
import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0009_business_papers'),
        ('patients', '0005_found_by_time'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', casewell.tenancy.fields.IdField(default=casewell.tenancy.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('made_at', models.DateTimeField()),
                ('moved', models.JSONField(default=dict)),
                ('put_away', models.JSONField(default=list)),
                ('filled', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('gone_archived_at', models.DateTimeField(blank=True, null=True)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('account', casewell.tenancy.fields.AccountField(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='merges', to='accounts.account')),
                ('gone', casewell.tenancy.fields.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges', to='patients.patient')),
                ('kept', casewell.tenancy.fields.TenantForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='took_over', to='patients.patient')),
                ('user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
                'default_manager_name': 'objects',
                'indexes': [models.Index(fields=['account', 'kept', 'id'], name='merges_into_patient'), models.Index(fields=['account', 'gone', 'id'], name='merges_of_patient')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('account', 'gone'), name='merged_into_one')],
            },
        ),
    ]
