import { connect, databaseAddress } from '../../db/client.ts';
import { keysApi } from './api.ts';

export const handler = keysApi(connect(databaseAddress()));
