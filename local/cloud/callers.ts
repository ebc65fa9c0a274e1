import { randomBytes } from "node:crypto";
import { ACCOUNT_ID } from "./account";
import { Ec2Error } from "./errors";
import type { Collection, Store } from "./store";

/** A document that was attached to a caller, as it was given. */
export interface AttachedPolicy {
  /** Where it was read: a file's name. */
  name: string;
  text: string;
}

/** Who may do what these policies say, and nothing else. */
export interface CallerRecord {
  /** An access key, or the ARN of a role that is taken by AssumeRole. */
  id: string;
  policies: AttachedPolicy[];
}

/** A role that was taken, by the access key that was given for it. */
interface SessionRecord {
  accessKeyId: string;
  roleArn: string;
  sessionName: string;
  /** Milliseconds since 1970. */
  expires: number;
}

/** A caller as IAM knows it; without policies, one who may do all. */
export interface Identity {
  arn: string;
  /** What STS calls `UserId`. */
  userId: string;
  policies?: AttachedPolicy[];
}

/** As long as STS makes a session where nobody says. */
const SESSION_MS = 60 * 60 * 1000;

/** The users and roles of the account that were given policies. Every other access key may do all. */
export class Callers {
  private readonly records: Collection<CallerRecord>;
  private readonly sessions: Collection<SessionRecord>;

  constructor(private readonly store: Store) {
    this.records = store.collection("callers");
    this.sessions = store.collection("sessions");
  }

  /** From now on an access key, or whoever takes a role, may do what these policies say. They have been read before. */
  give(id: string, policies: AttachedPolicy[]): Promise<void> {
    return this.store.exclusively(() => this.records.put(fileOf(id), { id, policies }));
  }

  /** It may do all again; a role is no more. */
  forget(id: string): Promise<void> {
    return this.store.exclusively(() => this.records.remove(fileOf(id)));
  }

  list(): Promise<CallerRecord[]> {
    return this.records.list();
  }

  /** AssumeRole: keys for a while. `AccessDenied` for a role that nobody made. */
  async assume(
    roleArn: string,
    sessionName: string,
    caller: Identity,
  ): Promise<SessionRecord & { arn: string }> {
    if (!(await this.records.get(fileOf(roleArn)))) {
      throw new Ec2Error(
        "AccessDenied",
        `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}. The local cloud has no such ` +
          `role: make it with npm run cloud -- rights ${roleArn} FILE`,
      );
    }
    const accessKeyId = `ASIA${randomBytes(8).toString("hex").toUpperCase()}`;
    const session = { accessKeyId, roleArn, sessionName, expires: Date.now() + SESSION_MS };
    await this.store.exclusively(() => this.sessions.put(accessKeyId, session));
    return { ...session, arn: sessionArn(session) };
  }

  /** Whose an access key is. @throws Ec2Error `ExpiredToken` for that of a session that is over. */
  async identify(accessKeyId: string): Promise<Identity> {
    const session = await this.sessions.get(fileOf(accessKeyId));
    if (!session) {
      const policies = (await this.records.get(fileOf(accessKeyId)))?.policies;
      return { arn: `arn:aws:iam::${ACCOUNT_ID}:user/${accessKeyId}`, userId: accessKeyId, policies };
    }
    const { roleArn, sessionName, expires } = session;
    if (expires < Date.now()) {
      throw new Ec2Error("ExpiredToken", "The security token included in the request is expired");
    }
    // A role that was taken back allows nothing any more.
    const policies = (await this.records.get(fileOf(roleArn)))?.policies ?? [];
    return { arn: sessionArn(session), userId: `${accessKeyId}:${sessionName}`, policies };
  }
}

function sessionArn({ roleArn, sessionName }: SessionRecord): string {
  const name = roleArn.split("/").slice(1).join("/");
  return `arn:aws:sts::${ACCOUNT_ID}:assumed-role/${name}/${sessionName}`;
}

/** An ARN has slashes. */
function fileOf(id: string): string {
  return encodeURIComponent(id);
}
