import type { Duration } from 'aws-cdk-lib';
import {
  GraphWidget,
  type GraphWidgetProps,
  type IMetric,
  SearchExpression,
} from 'aws-cdk-lib/aws-cloudwatch';

/** A dashboard is 24 columns wide. */
const COLUMNS = 24;

const ROW_HEIGHT = 6;

export interface GraphProps extends Pick<GraphWidgetProps, 'right' | 'leftAnnotations'> {
  readonly title: string;
  readonly metrics: readonly IMetric[];
}

/** Graphs side by side, as wide as there is room, whose axes begin at 0. */
export function graphRow(graphs: readonly GraphProps[]): GraphWidget[] {
  return graphs.map(
    ({ metrics, ...props }) =>
      new GraphWidget({
        width: Math.floor(COLUMNS / graphs.length),
        height: ROW_HEIGHT,
        left: [...metrics],
        leftYAxis: { min: 0 },
        ...props,
      }),
  );
}

/** All metrics that CloudWatch finds by `terms`, each a line of its own. */
export function searched(terms: string, statistic: string, period: Duration): SearchExpression {
  return new SearchExpression({
    expression: `SEARCH('${terms}', '${statistic}', ${period.toSeconds()})`,
    label: '', // of each line, what tells it from the others
    period,
  });
}
