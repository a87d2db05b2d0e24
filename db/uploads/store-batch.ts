import { Routine } from '../routine.ts';
import { BATCH_OUTCOME, BATCH_PARAMETERS, type BatchOutcome } from './batch-parameters.ts';
import { storeBatchStatement } from './statement.ts';

/** Stores a batch; planning its statement costs twice what it costs to store a single order. */
export const storeBatch = new Routine<typeof BATCH_PARAMETERS, BatchOutcome>({
  name: 'store_batch',
  parameters: BATCH_PARAMETERS,
  columns: BATCH_OUTCOME,
  body: storeBatchStatement,
});
