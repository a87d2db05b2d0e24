/** Names of the environment variables that tell a function which database is its own; the CDK app sets them. */
export const DATABASE_RESOURCE_ARN = 'DATABASE_RESOURCE_ARN';
export const DATABASE_SECRET_ARN = 'DATABASE_SECRET_ARN';
export const DATABASE_NAME = 'DATABASE_NAME';
