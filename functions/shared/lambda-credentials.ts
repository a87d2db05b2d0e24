// Bundles have this in place of the SDK's chain of credential providers (see lib's
// `functionCode`): Lambda hands a function its role's credentials by environment variables, where
// that chain looks first, too. The rest of it, for files, processes and sign-ins that Lambda has
// not, is a quarter of a bundle.

export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
