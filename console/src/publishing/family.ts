import type { CallOptions } from '@hongmi/sdk';
import type { Write } from '@hongmi/ui/write.ts';
import type { ComponentType, ReactNode } from 'react';
import type { AskedPage } from '../app/pages.ts';
import type { PageOf } from '../design/column.ts';
import type { Change } from './history-card.tsx';
import type { Days, Published, Version } from './version.ts';

/** What is published in versions, and how the API is asked about it: each family of items has these operations. */
export interface Family<Body extends object, Item extends Published<Body> = Published<Body>> {
  /** Its name in keys of queries and drafts, and in codes of refusals; with an s, of its list. */
  readonly one: 'rule' | 'reward' | 'promotion';
  /** Who may write and publish it: `…:write`, `…:publish`. */
  readonly scopes: 'rules' | 'rewards';
  /** The days on which terms hold at all, both of each included; undefined: on all of them. */
  readonly days?: (body: Body) => readonly Days[] | undefined;
  readonly list: (
    asked: AskedPage & {
      readonly programme: string;
      readonly merchantId: string | undefined;
      /** Of which something is in force, announced or drafted; ended: nothing is any more. */
      readonly state?: 'in_force' | 'announced' | 'draft' | 'ended';
    },
    options: CallOptions,
  ) => Promise<PageOf<Item>>;
  readonly get: (asked: Asked, options: CallOptions) => Promise<Item>;
  readonly create: (asked: NewItem<Body>, options: CallOptions) => Promise<Item>;
  readonly saveDraft: (
    asked: Asked & Rehearsable & { readonly body: Body },
    options: CallOptions,
  ) => Promise<unknown>;
  readonly dropDraft: (
    asked: Asked,
    options: CallOptions,
  ) => Promise<{ readonly removed: boolean }>;
  readonly publish: (
    asked: Asked & Rehearsable & Publication,
    options: CallOptions,
  ) => Promise<Published<Body>>;
  readonly retire: (asked: Asked, options: CallOptions) => Promise<unknown>;
  readonly versions: (
    asked: Asked & AskedPage,
    options: CallOptions,
  ) => Promise<PageOf<Version<Body>>>;
  readonly changes: (asked: Asked & AskedPage, options: CallOptions) => Promise<PageOf<Change>>;
}

interface Asked {
  readonly id: string;
}

interface Rehearsable {
  /** Answers what would happen, and changes nothing. */
  readonly dryRun?: boolean;
}

export interface Publication {
  /** The instant from which it is to count; as early as it may be without one. */
  readonly from?: string;
  /** What proves a rule to be no worse for members. */
  readonly simulation?: string;
}

interface NewItem<Body> extends Rehearsable {
  readonly code: string;
  /** Whose it is; without it the programme's, or that of the merchant who asks. */
  readonly merchantId?: string;
  readonly programme?: string;
  readonly body: Body;
}

/** What is typed beside the terms of a new item. */
export interface NewValues {
  readonly code: string;
  readonly owner?: string | null;
}

/** Terms as they were written; beside them what a new item is asked for, if it is new. */
export interface Written<Body> {
  readonly body: Body;
  readonly values: NewValues;
}

/** What an editor of terms gets from the page that it stands on. */
export interface EditorProps<Body> {
  /** Under this name what is typed is kept. */
  readonly draft: string;
  /** What is changed; undefined: it is new. */
  readonly base: Body | undefined;
  readonly programme: string;
  /** Whether it is one merchant's, rather than the programme's. */
  readonly isOwners: (values: Partial<NewValues>) => boolean;
  /** Fields above the terms. */
  readonly before?: ReactNode;
  readonly save: Write<Written<Body>, unknown>;
  /** Asks the server what is wrong with it, without saving it. */
  readonly check: Write<Written<Body>, unknown>;
  readonly onCancel?: () => void;
}

export type Editor<Body> = ComponentType<EditorProps<Body>>;
