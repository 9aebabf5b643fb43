// What a deployment may be told, with defaults that work: `cdk deploy -c region=eu-west-1`.

export interface DeploymentConfig {
  /** Prefix of the stacks' names. */
  readonly name: string;
  readonly region: string;
}

/** Reads context values. Throws an Error that names the value and what it may be. */
export function readDeploymentConfig(context: (key: string) => unknown): DeploymentConfig {
  return {
    name: text(context, 'name', 'isomail', /^[a-z][a-z0-9-]{0,30}$/),
    region: text(context, 'region', 'us-east-1', /^[a-z]{2}(-[a-z]+)+-\d$/),
  };
}

function text(context: (key: string) => unknown, key: string, fallback: string, form: RegExp): string {
  const value = context(key) ?? fallback;
  if (typeof value !== 'string' || !form.test(value)) throw new Error(`context "${key}" is ${JSON.stringify(value)}, but must match ${form.source}`);
  return value;
}
