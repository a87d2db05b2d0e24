import { Problem } from './problem.ts';

/** A key may outlive its seller for as long as API Gateway remembers it. */
export const noSuchSeller = () => new Problem(404, { detail: 'There is no such seller.' });
