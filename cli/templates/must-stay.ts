/** What is lost with a resource, where that cannot be made again: by its type. */
const LOST_WITH: Readonly<Record<string, string>> = {
  'AWS::RDS::DBCluster': 'the database with all orders',
  'AWS::RDS::DBSubnetGroup': "the cluster's place in the network, and with it the cluster",
  'AWS::EC2::VPC': 'the network of the database',
  'AWS::EC2::Subnet': 'the network of the database',
  'AWS::SecretsManager::Secret': 'a login to the database',
  'AWS::KMS::Key': 'whatever is encrypted with the key',
  'AWS::S3::Bucket': 'what is stored in it',
  'AWS::DynamoDB::Table': 'what is stored in it',
  'AWS::SQS::Queue': 'messages that wait in it',
  'AWS::ApiGatewayV2::Api': "the address that sellers' systems call",
};

/** What would be lost with a resource of a type; `undefined` when nothing is. */
export function lostWith(type: string): string | undefined {
  return LOST_WITH[type];
}
