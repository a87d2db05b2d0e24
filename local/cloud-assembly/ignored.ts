const IDENTITY = 'the stand-ins check who may do what only where a request enters';
const NAME = 'the API is reached by its port';
const NETWORK = 'everything is on loopback';
const RELEASE = 'a release is the next start';
const WATCHING = 'nobody is called at night for a laptop';

/** Resource types that have nothing to do on one machine, and why. */
export const IGNORED: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::ApiMapping': NAME,
  'AWS::ApiGatewayV2::DomainName': NAME,
  'AWS::CDK::Metadata': 'it tells AWS which constructs are used',
  'AWS::CloudWatch::Alarm': WATCHING,
  'AWS::CloudWatch::CompositeAlarm': WATCHING,
  'AWS::CloudWatch::Dashboard': WATCHING,
  'AWS::CodeDeploy::Application': RELEASE,
  'AWS::CodeDeploy::DeploymentGroup': RELEASE,
  'AWS::EC2::RouteTable': NETWORK,
  'AWS::EC2::SecurityGroup': NETWORK,
  'AWS::EC2::Subnet': NETWORK,
  'AWS::EC2::SubnetRouteTableAssociation': NETWORK,
  'AWS::EC2::VPC': NETWORK,
  'AWS::IAM::ManagedPolicy': IDENTITY,
  'AWS::IAM::Policy': IDENTITY,
  'AWS::IAM::Role': IDENTITY,
  'AWS::Lambda::Permission': IDENTITY,
  'AWS::Logs::LogGroup': 'functions log to the terminal and to a file',
  'AWS::Logs::MetricFilter': WATCHING,
  'AWS::RDS::DBClusterParameterGroup': 'the server has its settings from `local/postgres`',
  'AWS::RDS::DBInstance': 'the cluster is one PostgreSQL server',
  'AWS::RDS::DBSubnetGroup': NETWORK,
  'AWS::SNS::Subscription': WATCHING,
  'AWS::SNS::Topic': WATCHING,
  'AWS::SNS::TopicPolicy': WATCHING,
  'AWS::SQS::QueuePolicy': IDENTITY,
  'AWS::Scheduler::ScheduleGroup': 'schedules are read one by one',
  'AWS::SecretsManager::ResourcePolicy': IDENTITY,
  'AWS::SecretsManager::SecretTargetAttachment': 'the address is the same for every secret',
};
