import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { readDeploymentConfig } from '../../lib/deployment-config';
import { StorageStack } from '../../lib/storage-stack';

const config = readDeploymentConfig(() => undefined);
const template = Template.fromStack(new StorageStack(new App(), 'storage', { config, env: { region: config.region } }));

describe('the storage stack', () => {
  test('keeps the table when the stack goes, and can restore any second of 35 days', () => {
    template.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
          }),
        ],
      },
    });
  });

  test('gives the table nothing that a strongly consistent table of several Regions could not have', () => {
    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', { LocalSecondaryIndexes: Match.absent(), TimeToLiveSpecification: Match.absent() });
  });

  test('keeps deleted bodies for as long as the table can be restored', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        VersioningConfiguration: { Status: 'Enabled' },
        LifecycleConfiguration: { Rules: [Match.objectLike({ NoncurrentVersionExpiration: { NoncurrentDays: 35 } })] },
      },
    });
  });

  test('serves blobs to nobody in the clear, and to nobody in public', () => {
    template.hasResourceProperties('AWS::S3::Bucket', { PublicAccessBlockConfiguration: Match.objectLike({ BlockPublicAcls: true, RestrictPublicBuckets: true }) });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })]) },
    });
  });
});

describe('deployment values', () => {
  test.each([
    ['region', 'the moon'],
    ['region', 7],
    ['name', 'Mail!'],
  ])('%s = %j is refused by name', (key, value) => {
    expect(() => readDeploymentConfig((asked) => (asked === key ? value : undefined))).toThrow(`context "${key}"`);
  });
});
