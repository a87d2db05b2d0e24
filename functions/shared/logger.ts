import { Logger } from '@aws-lambda-powertools/logger';

/** JSON lines with the service's name and the request's id. Orders and keys never go into them. */
export const logger = new Logger();
