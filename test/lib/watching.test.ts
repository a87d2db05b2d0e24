import { describe, expect, it } from 'vitest';
import { METRICS } from '../../functions/shared/metric-names.ts';
import { readText } from '../architecture/source-files.ts';
import { alarmsOf, metricsOf } from '../helpers/alarms.ts';
import { apiResources } from '../helpers/api-template.ts';

const resources = apiResources();
const alarms = alarmsOf(resources);
const ofType = (type: string) => Object.entries(resources).filter(([, one]) => one.Type === type);
const functionIds = ofType('AWS::Lambda::Function')
  .filter(([, fn]) => fn.Properties.Environment?.Variables.POWERTOOLS_SERVICE_NAME)
  .map(([id]) => id);

/** Alarms that this stage has not, but another. */
const OF_OTHER_STAGES = ['NoUpload'];

/** The sections of the runbook about alarms, by their names. */
function sections(): Map<string, string> {
  const [, ofAlarms = ''] = readText('docs/operations.md').split('\n## Alarms\n');
  const [chapter = ''] = ofAlarms.split('\n## ');
  const [, ...all] = chapter.split('\n### ');
  return new Map(all.map((section) => [section.slice(0, section.indexOf('\n')), section]));
}

describe('the alarms', () => {
  it('have a section in the runbook each, to which they lead, and there is no other', () => {
    expect([...sections().keys()].sort()).toEqual([...alarms.keys(), ...OF_OTHER_STAGES].sort());
    for (const [name, { AlarmDescription }] of alarms) {
      expect(AlarmDescription).toMatch(/^[A-Z].+[.] What to do: docs\/operations\.md#[a-z]+$/);
      expect(AlarmDescription.endsWith(`#${name.toLowerCase()}`)).toBe(true);
    }
  });

  it('are explained: what it means, where to look, what to do', () => {
    for (const [name, text] of sections()) {
      const parts = [...text.matchAll(/^- \*\*(.+?)\.\*\* \S/gm)].map(([, part]) => part);
      expect([name, ...parts]).toEqual([name, 'Means', 'Look here', 'Do this']);
    }
  });

  it('tell who is to hear of them, when they begin and when they end', () => {
    const [[topicId] = []] = ofType('AWS::SNS::Topic');
    for (const [, { Properties }] of ofType('AWS::CloudWatch::Alarm')) {
      expect(Properties).toMatchObject({
        AlarmActions: [{ Ref: topicId }],
        OKActions: [{ Ref: topicId }],
      });
    }
    const [[, policy] = []] = ofType('AWS::SNS::TopicPolicy');
    expect(policy?.Properties.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({
        Effect: 'Allow',
        Action: 'sns:Publish',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
      }),
    );
  });

  it('stay within what CloudWatch evaluates: ten metrics, and a day or a week', () => {
    for (const [name, alarm] of alarms) {
      const metrics = metricsOf(alarm);
      expect([name, metrics.size <= 10]).toEqual([name, true]);
      for (const { Period } of metrics.values()) {
        const rangeSeconds = Period * alarm.EvaluationPeriods;
        expect(rangeSeconds).toBeLessThanOrEqual((Period < 3_600 ? 1 : 7) * 86_400);
      }
    }
  });

  it('watch every function for failures, but for the nightly one, whose dead letters they do', () => {
    const watched = [...alarms.values()]
      .flatMap((alarm) => [...metricsOf(alarm).values()])
      .filter(({ MetricName }) => MetricName === 'Errors')
      .map(({ Dimensions }) => Dimensions?.[0]?.Value);
    const [nightly, ...others] = functionIds.filter((id) => !watched.some((one) => isRef(one, id)));
    expect(nightly).toMatch(/^NightlyStatsDailyStats/);
    expect(others).toEqual([]);
  });
});

describe('the dashboard', () => {
  /** Its widgets; references to resources are written as they are in the template. */
  function widgets(): { type: string; properties: { title: string } }[] {
    const [[, dashboard] = []] = ofType('AWS::CloudWatch::Dashboard');
    const { DashboardBody } = dashboard?.Properties ?? {};
    const [, parts] = DashboardBody['Fn::Join'];
    const quoted = (part: unknown) => JSON.stringify(JSON.stringify(part)).slice(1, -1);
    const text = parts.map((part: unknown) => (typeof part === 'string' ? part : quoted(part)));
    return JSON.parse(text.join('')).widgets;
  }

  const titled = (title: string) =>
    JSON.stringify(widgets().find(({ properties }) => properties.title === title));

  it('is one a stage and region, since an account has it in all regions', () => {
    const names = ofType('AWS::CloudWatch::Dashboard').map(
      ([, one]) => one.Properties.DashboardName,
    );
    const inRegion = { 'Fn::Join': ['', ['order-analytics-dev-api-', { Ref: 'AWS::Region' }]] };
    expect(names).toEqual([inRegion]);
  });

  it('shows what sellers see first, and what it rests on below', () => {
    expect(widgets().map(({ properties }) => properties.title)).toEqual([
      'Alarms',
      'Requests by route',
      '4xx by route',
      '5xx by route',
      'Latency by route, p50',
      'Latency by route, p95',
      'Latency by route, p99',
      'Uploads a minute',
      'Orders a minute',
      'Refused requests by function and reason',
      'Checks of keys by outcome',
      'Data API: errors by reason',
      'Data API: retries by reason',
      'Answers of 500 by version',
      'Errors of functions',
      'Throttles',
      'Duration, p99',
      'Concurrency',
      'Database capacity, ACU',
      'Connections of the Data API',
      'Storage, bytes',
      'Nightly runs',
      'Drift and damaged orders',
      'Rotations and migrations',
    ]);
  });

  it.each([
    'Errors of functions',
    'Throttles',
    'Duration, p99',
    'Concurrency',
  ])('shows every function under "%s"', (title) => {
    for (const id of functionIds) expect(titled(title)).toContain(id);
  });

  it('shows every metric that functions emit, but for the totals of a day', () => {
    const all = JSON.stringify(widgets());
    const { orders, revenue, sellers, ...shown } = METRICS;
    for (const name of Object.values(shown)) expect(all).toContain(name);
  });

  it('shows every alarm, and the capacity against its maximum', () => {
    for (const name of alarms.keys()) expect(titled('Alarms')).toContain(name);
    expect(titled('Database capacity, ACU')).toContain('"value":2,"label":"maximum"');
  });

  it('has figures of each route, since the stage measures them', () => {
    const [[, stage] = []] = ofType('AWS::ApiGatewayV2::Stage');
    const { DefaultRouteSettings, RouteSettings } = stage?.Properties ?? {};
    for (const settings of [DefaultRouteSettings, ...Object.values(RouteSettings)]) {
      expect(settings).toMatchObject({ DetailedMetricsEnabled: true });
    }
    expect(titled('5xx by route')).toContain('SEARCH');
  });
});

const isRef = (value: unknown, id: string) =>
  typeof value === 'object' && value !== null && 'Ref' in value && value.Ref === id;
