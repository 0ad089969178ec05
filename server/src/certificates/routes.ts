import Type from 'typebox';
import type { Pool } from '../platform/database.ts';
import { actsFor, assertReaches, principalOf } from '../platform/web/auth.ts';
import { readPageStart, writeNextCursor } from '../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  idOf,
  mustReadId,
  object,
  PAGE_DEFAULT,
  PageQuery,
  pageOf,
} from '../platform/web/schema.ts';
import {
  CertificateChange,
  CertificateShown,
  NewCertificate,
  showCertificate,
} from './certificate.ts';
import { changeCertificate } from './change-certificate.ts';
import { type CertificateDeps, createCertificate } from './create-certificate.ts';
import { findCertificate, listCertificates, readCharged } from './store.ts';

const tags = ['certificates'];
const params = object({ id: idOf('certificate') });

export interface CertificateRoutes extends CertificateDeps {
  readonly pool: Pool;
  /** The codes of a programme and a point type of it. */
  readonly codes: (
    programme: number,
    pointType: number,
  ) => { readonly programme: string; readonly pointType: string };
}

/** Certificates that green points are issued on. */
export function certificateRoutes(app: App, deps: CertificateRoutes): void {
  const { pool, codes } = deps;

  app.post(
    '/certificates',
    {
      config: { scopes: ['certificates:write'] },
      schema: {
        operationId: 'createCertificate',
        tags,
        summary: 'Write down a certificate that was given to a merchant',
        body: NewCertificate,
        response: answers({ 201: CertificateShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        createCertificate(tx, request.body, deps),
      );
      return sendStored(reply, answer);
    },
  );

  app.patch(
    '/certificates/:id',
    {
      config: { scopes: ['certificates:write'] },
      schema: {
        operationId: 'changeCertificate',
        tags,
        summary: 'Change a certificate, note that it was checked, or revoke it',
        params,
        body: CertificateChange,
        response: answers({ 200: CertificateShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const id = mustReadId('certificate', request.params.id);
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        changeCertificate(tx, id, request.body, deps),
      );
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/certificates/:id',
    {
      config: { scopes: ['certificates:read'] },
      schema: {
        operationId: 'getCertificate',
        tags,
        summary: 'Read a certificate, and what a revocation charges its merchant with',
        params,
        response: answers({ 200: CertificateShown }, 404),
      },
    },
    async (request, reply) => {
      const found = await findCertificate(pool, mustReadId('certificate', request.params.id));
      if (found === undefined || !actsFor(principalOf(request), found.merchant))
        return refuse(reply, problem('certificate_not_found'));
      if (found.revoked === null) return showCertificate(found);
      const charged = await readCharged(pool, found.id);
      return showCertificate(
        found,
        charged.map(({ programme, pointType, points }) => ({
          ...codes(programme, pointType),
          points,
        })),
      );
    },
  );

  app.get(
    '/certificates',
    {
      config: { scopes: ['certificates:read'] },
      schema: {
        operationId: 'listCertificates',
        tags,
        summary: "List certificates by age; a merchant's key sees its own",
        querystring: object({ ...PageQuery, merchantId: Type.Optional(idOf('merchant')) }),
        response: answers({ 200: pageOf(CertificateShown, 'CertificatePage') }),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, merchantId } = request.query;
      const start = readPageStart('certificates', cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const principal = principalOf(request);
      const asked =
        merchantId === undefined ? principal.merchant : mustReadId('merchant', merchantId);
      if (asked !== null) assertReaches(principal, asked);
      const found = await listCertificates(pool, asked, start.after, limit + 1);
      return {
        items: found.slice(0, limit).map((each) => showCertificate(each)),
        nextCursor: writeNextCursor('certificates', found, limit),
      };
    },
  );
}
