// The deployment: which stacks there are, and from which context values. Resources are in lib/.
import { App } from 'aws-cdk-lib';
import { readDeploymentConfig } from '../lib/deployment-config';
import { StorageStack } from '../lib/storage-stack';

const app = new App();
const config = readDeploymentConfig((key) => app.node.tryGetContext(key) as unknown);
new StorageStack(app, `${config.name}-storage`, {
  config,
  env: { region: config.region },
  terminationProtection: true,
  description: 'Isomail: the log table and the bucket of message bodies',
});
