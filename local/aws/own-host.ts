import type { IncomingMessage, RequestListener } from 'node:http';

/**
 * Passes on only what was sent to this machine by a name of its own. A site whose name is made to
 * lead to 127.0.0.1 (DNS rebinding) would share an origin with whatever answers there, and could
 * read all of it; its pages' requests still say that site's name.
 *
 * A request target that is a whole address comes out as its path, with the host that it names.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2
 */
export function ownHostOnly(listener: RequestListener): RequestListener {
  return (request, response) => {
    const refusal = readHost(request);
    if (!refusal) return listener(request, response);
    request.resume();
    const body = JSON.stringify({ message: refusal.message });
    response.writeHead(refusal.status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  };
}

/** The port does not matter: no site can choose these names, and ports are forwarded to others. */
const OWN_NAME =
  /^(127\.0\.0\.1|\[::1\]|([\w-]+\.)*localhost|host\.(docker|containers)\.internal)(:\d+)?$/i;

function readHost(
  request: IncomingMessage,
): { readonly status: number; readonly message: string } | undefined {
  const { headers, headersDistinct, url = '' } = request;
  if (headersDistinct.host?.length !== 1)
    return { status: 400, message: 'A request names its host once.' };
  const [isWhole, authority = '', path = ''] = /^http:\/\/([^/?#]*)(.*)$/i.exec(url) ?? [];
  if (isWhole !== undefined) {
    request.url = path.startsWith('/') ? path : `/${path}`;
    headers.host = authority;
    headersDistinct.host = [authority];
  }
  const { host = '' } = headers;
  if (OWN_NAME.test(host)) return undefined;
  const own = `127.0.0.1:${request.socket.localPort}`;
  return { status: 421, message: `This is ${own}, and answers to no other name: not to ${host}.` };
}
