import { Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

export interface AlarmTopicProps {
  /** @default nobody is mailed; whatever can be told may subscribe to the topic */
  readonly email?: string;
}

export interface ServiceAlarmProps
  extends Omit<cloudwatch.AlarmProps, 'alarmDescription' | 'treatMissingData'> {
  /** What it means, in a sentence or two. */
  readonly means: string;
  /** What silence says. @default that nothing is wrong */
  readonly treatMissingData?: cloudwatch.TreatMissingData;
}

/** Who is told when an alarm begins, and when it ends. */
export class AlarmTopic extends Construct {
  readonly topic: sns.Topic;
  readonly #alarms: cloudwatch.Alarm[] = [];

  constructor(scope: Construct, id: string, { email }: AlarmTopicProps) {
    super(scope, id);
    this.topic = new sns.Topic(this, 'Topic', { enforceSSL: true });
    // A topic with a policy of its own lets in only whom the policy names.
    this.topic.grantPublish(
      new iam.ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (email) this.topic.addSubscription(new EmailSubscription(email));
  }

  /** What it has told of so far. */
  get alarms(): readonly cloudwatch.Alarm[] {
    return this.#alarms;
  }

  /** Adds an alarm, whose text leads to the section of the runbook that its id names. */
  addAlarm(scope: Construct, id: string, { means, ...props }: ServiceAlarmProps): cloudwatch.Alarm {
    const alarm = new cloudwatch.Alarm(scope, id, {
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
      ...props,
      alarmDescription: `${means} What to do: docs/operations.md#${id.toLowerCase()}`,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
    this.#alarms.push(alarm);
    return alarm;
  }
}
