import type { Context } from 'aws-lambda';
import type { Context as HonoContext } from 'hono';
import type { IamEvent } from '../iam-caller.ts';

/** What the routes of a pages app find in their context. */
export interface PagesEnv {
  Bindings: { event: IamEvent; context: Context };
  Variables: {
    /** The ARN of the person who looks, as API Gateway has verified it. */
    viewer: string;
    /** Where to go back to when the request cannot be done. @default the section's first page */
    back?: Way;
  };
}

/** A link. */
export interface Way {
  readonly href: string;
  readonly text: string;
}

export type PageContext = HonoContext<PagesEnv>;
