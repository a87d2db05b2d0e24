import type { Template } from 'aws-cdk-lib/assertions';

export interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

interface Policy {
  readonly PolicyDocument: { readonly Statement: readonly Statement[] };
}

/** What the template's roles may do, by the logical id of the policy or role that says so. */
export function statementsById(template: Template): Map<string, readonly Statement[]> {
  const statements = new Map<string, readonly Statement[]>();
  for (const [id, policy] of Object.entries(template.findResources('AWS::IAM::Policy'))) {
    statements.set(id, policy.Properties.PolicyDocument.Statement);
  }
  for (const [id, role] of Object.entries(template.findResources('AWS::IAM::Role'))) {
    const inline: readonly Policy[] = role.Properties.Policies ?? [];
    statements.set(
      id,
      inline.flatMap((policy) => policy.PolicyDocument.Statement),
    );
  }
  return statements;
}
