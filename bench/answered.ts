/** The text of an answer. @throws when its status is not 200 */
export async function answered(sent: Promise<Response>): Promise<string> {
  const response = await sent;
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${text.slice(0, 500)}`);
  return text;
}
