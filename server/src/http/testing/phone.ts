import type { PointsTestApp } from '../test-points-app.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** A member's phone, on which they are signed in. */
export interface Phone {
  readonly member: string;
  readonly cookie: string;
  /** As a page of this origin sends it. */
  send(
    method: Method,
    path: string,
    body?: object,
    headers?: Record<string, string>,
    // biome-ignore lint/suspicious/noExplicitAny: as `call` of the app answers
  ): Promise<{ readonly status: number; readonly body: any }>;
  // biome-ignore lint/suspicious/noExplicitAny: as `ok` of the app answers
  ok(method: Method, path: string, body?: object): Promise<any>;
}

/** Signs members in, each by a number of their own. */
export function createPhones(t: Pick<PointsTestApp, 'api' | 'ok' | 'sent'>): {
  signIn(programme?: string): Promise<Phone>;
} {
  let count = 0;
  const browse = async (method: Method, path: string, body: object | undefined, more: object) => {
    count += 1;
    const answer = await t.api.inject({
      method,
      url: `/v1${path}`,
      remoteAddress: `10.9.${count >> 8}.${count & 255}`,
      headers: {
        'sec-fetch-site': 'same-origin',
        'idempotency-key': `phone-${count}`,
        ...more,
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
  };
  return {
    async signIn(programme = 'default') {
      count += 1;
      const phone = String(13_700_000_000 + count);
      const { id } = await t.ok('POST', '/members', { phone, programme });
      await browse('POST', '/member-sign-in/codes', { phone }, {});
      const code = t.sent.findLast((each) => each.phone === `+86${phone}`)?.params.code;
      const { headers } = await browse('POST', '/member-sign-in', { phone, code }, {});
      const cookie = String(headers['set-cookie']).split(';', 1)[0] ?? '';
      const send: Phone['send'] = (method, path, body, more = {}) =>
        browse(method, path, body, { cookie, 'hongmi-as': 'member', ...more });
      return {
        ...{ member: id, cookie, send },
        async ok(method, path, body) {
          const answer = await send(method, path, body);
          if (answer.status >= 300)
            throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
          return answer.body;
        },
      };
    },
  };
}
