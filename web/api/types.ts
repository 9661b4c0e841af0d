// Made from api/openapi.json by api/generate.mjs. Do not edit.

/** SHA-256, base64url without padding */
export type Digest = string

/** RFC 3339 in UTC */
export type Instant = string

export type Date = string

export type Country = string

/** base64url without padding */
export type Bytes = string

/** A text in the languages it exists in; en is always there */
export interface Text {
  en: string
  fr?: string
  ar?: string
}

/** A text that the node says: its key does not change with the wording (texts/*.txt); empty where it is what somebody wrote */
export interface Said {
  key: string
  parameters: string[]
  /** in the reader's language */
  text: string
}

/** SHA-256 in hexadecimal, as sha256sum prints it. `released`: the proof holds, and is of this program, this law and these pages; `other`: it does not, and `problem` says why; `unknown`: no proof was given to the node. A node that lies about itself is found out at its machine: comity release check --program /proc/PID/exe */
export interface Build {
  version: string
  platform: string
  program: string
  /** digest of the law pack */
  law: string
  /** of the pages' manifest; missing where none are served */
  pages?: string
  state: "released" | "other" | "unknown"
  problem?: Said
  release?: {
  version: string
  /** the commit that it was built from */
  source: string
  signers: string[]
  log: string
  index: number
  /** of the log, when the proof was made */
  size: number
  witnesses: number
  /** C2SP tlog-proof; its extra data is the signed release */
  proof: string
}
}

/** RFC 9457, in the reader's language. `code` is the stable code of docs/refusals.md; without one, HTTP itself refuses (not signed in, too large, no such address), or something failed inside and `incident` is its number in the log */
export interface Problem {
  type: string
  title: string
  status: number
  detail?: string
  code?: string
  rule?: string
  source?: string
  /** what was found */
  facts?: string
  /** the facts with their key; left out where they are only names or values */
  said?: Said
  /** for programs: the facts by pattern and parameters, as between nodes (docs/protocol.md, Interfaces); only where no language was asked for */
  facts_said?: unknown
  remedy?: string
  /** JSON pointer of the field at fault */
  field?: string
  incident?: string
}

export type Category = "subscriber" | "access" | "traffic" | "content"

export type Side = "requesting" | "requested" | "provider" | "third" | "subject" | "oversight" | "clock"

export type Role = "issuing-officer" | "supervising-officer" | "judge" | "central-authority-officer" | "duty-officer" | "response-officer" | "inspector" | "subject" | "administrator"

/** A passkey's answer to a challenge (WebAuthn Level 3, section 7.2) */
export interface Assertion {
  credential: Bytes
  authenticator_data: Bytes
  client_data: Bytes
  signature: Bytes
}

/** What the browser asks the passkey to sign */
export interface PasskeyRequest {
  challenge: Bytes
  rp_id: string
  /** credential ids; empty: whichever passkey of this host the person picks */
  allow: Bytes[]
  timeout_ms: number
}

export interface Passkey {
  credential: Bytes
  /** on the roll */
  entry: Digest
  label: string
  created: Instant
  last_used?: Instant
  purpose: "sign-in" | "sign"
  ended?: Instant
}

/** Who is signed in. The session itself is a cookie that scripts cannot read */
export interface Session {
  person: string
  name: string
  office: string
  office_name: string
  participant: string
  participant_name: string
  country?: Country
  kind: "authority" | "provider" | "oversight"
  roles: Role[]
  trained_until: Instant
  ends: Instant
  /** a session that calls nothing for so long ends before that */
  idle_minutes: number
  /** the cases that the worklist shows with mine=true */
  unread: number
  /** the node is a practice world */
  practice: boolean
}

export interface NodeStatus {
  participant: string
  participant_name: string
  time: Instant
  version: string
  law_pack: Digest
  record_size: number
  checkpoint: string
  directory: number
  not_ready?: string
  /** last time a backup was restored as a test */
  backup_restored?: Instant
  /** where people sign in and work; a browser lets a page there use the passkeys of sign-in and of acts */
  people_origin: string
  practice: boolean
}

/** The next thing that is owed in a case */
export interface NextClock {
  act: string
  side: Side
  role: string
  due?: Instant
  /** this participant owes it, and the person's role may do it */
  mine: boolean
}

export interface MailWish {
  address: string
  language: "en" | "fr" | "ar"
}

export interface MailState {
  /** whether this node sends e-mail */
  offered: boolean
  /** to which addresses may belong */
  domains: string[]
  /** at least so long between two messages */
  pause_minutes: number
  address?: string
  language?: "en" | "fr" | "ar"
  /** of the last attempt */
  problem?: string
  /** the mail server has refused the address too often; saving it again tries again */
  given_up?: boolean
}

export interface WorklistItem {
  case: string
  reference: string
  direction: "incoming" | "outgoing" | "observed"
  partner: string
  partner_name: string
  procedure: string
  category: Category
  state: "draft" | "open" | "waiting" | "suspended" | "at-rest"
  holder: string
  holder_name: string
  /** by which a page is ordered: what is owed next, or with mine=true what the person who asks owes next */
  next?: NextClock
  /** what the person who asks owes next, where it is not `next` */
  own?: NextClock
  /** the day on which the deferral of notice ends */
  seal_end?: Instant
  acts: number
  /** reason code: no act for the directory's days */
  stuck?: string
  /** in whose hands it is here; none: in nobody's */
  hands?: ItemHands
  updated: Instant
}

export interface WorklistPage {
  items: WorklistItem[]
  /** give it as `after` */
  next?: string
  /** counted up to 10 000 */
  total: number
  /** late, today, week, stuck, all */
  counts: Record<string, number>
}

export interface SavedView {
  name: string
  /** the filters as in the address of the page */
  query: string
  shared: boolean
}

/** Who takes part, as the first act says */
export interface Opening {
  requesting: string
  requested: string
  provider: string
  third: string[]
  category: Category
  recipient: string
}

export interface Draft {
  id: string
  form: string
  procedure: string
  opening: Opening
  fields: Record<string, unknown>
  updated: Instant
  by: string
}

export interface DraftSummary {
  id: string
  form: string
  procedure: string
  requested: string
  requested_name: string
  title: string
  updated: Instant
  by: string
  by_name: string
  open_findings: number
}

/** One test of the law on this request */
export interface Finding {
  /** F1 … F13, E1 … E5 */
  test: string
  outcome: "met" | "not_met" | "needs_a_person"
  /** in the reader's language */
  because: string
  /** what it rests on, one by one */
  facts?: Said[]
  source: string
  /** in the reader's language */
  mend: string
  /** JSON pointers that it speaks of */
  fields?: string[]
}

export interface Fact {
  standing: "documented" | "stated" | "unknown"
  text: string
  /** JSON pointer into the request */
  where: string
}

export interface ConnectionRow {
  country: Country
  /** by factor */
  cells: Record<string, Fact[]>
  conclusion: "demonstrated" | "partial" | "not_shown"
  reason: string
}

export interface Concerned {
  country: Country
  why: string
  person: boolean
}

export interface Connection {
  rows: ConnectionRow[]
  concerned: Concerned[]
  conclusion: "demonstrated" | "partial" | "not_shown"
  sentence: string
}

export interface FieldError {
  pointer: string
  /** required, type, format, pattern, enum, length, range, unknown, duplicate */
  code: string
  message: string
}

export interface Assessment {
  law_pack: Digest
  date: Date
  errors: FieldError[]
  findings: Finding[]
  connection?: Connection
  /** ids of the instruments that bind */
  instruments: string[]
  /** own cases that ask the same */
  duplicates: string[]
}

export interface AssessmentInput {
  form: string
  procedure: string
  opening: Opening
  fields: Record<string, unknown>
  date?: Date
}

export interface Selector {
  type: "email" | "phone" | "account" | "ipv4" | "ipv6" | "device" | "url" | "domain"
  value: string
  namespace?: string
  port?: number
  seen_at?: Instant
}

/** The grid's end is outside the period */
export interface GridRow {
  selector: Selector
  category: Category
  from?: Instant
  to?: Instant
}

export interface SelectorLine {
  line: number
  text: string
  selector?: Selector
  problem?: Problem
}

export interface SelectorLines {
  lines: SelectorLine[]
}

/** What a person wants to do */
export interface Intent {
  case?: string
  procedure?: string
  act: string
  office: string
  role: Role
  fields: Record<string, unknown>
  joining?: string
  /** acts of the case that this one names: what an inspection looks at */
  about?: Digest[]
  opening?: Opening
  /** the draft that this act comes from; it ends when the act is performed */
  draft?: string
}

export interface Prepared {
  act: Digest
  case: string
  /** the bytes that are signed; the page shows their digest */
  header: Bytes
  /** the passkey signs this; it is bound to the header */
  challenge: Digest
  passkey: PasskeyRequest
  /** in plain words, what the signature will say */
  reads_back: ReadBack[]
  expires: Instant
}

export interface ReadBack {
  label: Text
  value: string
}

export interface Performed {
  /** false: it waits for the case's keeper */
  admitted: boolean
  case: string
  sequence: number
  receipt: string
}

export interface Owed {
  act: string
  side: Side
  role: string
  due?: Instant
}

/** An act that the procedure allows now */
export interface Possible {
  act: string
  side: Side
  role: string
  form?: string
  /** this person may perform it */
  may: boolean
  why_not?: "not-your-side" | "not-your-role" | "four-eyes" | "training-ended" | "finding"
}

export interface Submission {
  act: string
  hash: Digest
  state: "waiting" | "refused"
  answer: string
}

export interface EvidenceState {
  hash: Digest
  state: "expected" | "complete" | "destroyed" | "removed"
  from: string
  to: string
  /** whoever is to receive it did not take it: why, since when, and when it is offered again */
  refused?: {
  problem: string
  since: Instant
  next_try: Instant
}
}

export interface Case {
  case: string
  reference: string
  procedure: string
  law_pack: Digest
  requesting: string
  requesting_name: string
  requested: string
  requested_name: string
  provider: string
  provider_name: string
  third: string[]
  category: Category
  keeper: string
  keeper_name: string
  state: "open" | "waiting" | "suspended" | "at-rest"
  /** this node's side */
  side: Side
  acts: number
  owed: Owed[]
  possible: Possible[]
  submissions: Submission[]
  evidence: EvidenceState[]
  /** as authorised, ordered or asked, the narrowest this node can read */
  grid: GridRow[]
  seal_end?: Instant
  notice_due?: Instant
  retention_end?: Instant
  /** names of the participants by id */
  names: Record<string, string>
}

/** What this node has checked of an act; the page shows nothing green that is not `checked` */
export interface Proof {
  seal: "checked" | "failed" | "unchecked"
  approval: "checked" | "failed" | "none" | "unchecked"
  record: "included" | "pending" | "failed"
  witnesses: number
  checkpoint_size?: number
}

export interface TimelineEntry {
  sequence: number
  act: string
  hash: Digest
  performer: string
  performer_name: string
  office: string
  role: string
  /** own people only */
  person?: string
  /** what they are called here; own people only */
  person_name?: string
  /** in whose hands the case was when the person acted, standing in for them; by this node's own books */
  stood_in_for?: PersonName
  admitted: Instant
  leaf: number
  sentence: string
  form?: string
  /** this node may read a part of it */
  readable: boolean
  proof: Proof
}

export interface Timeline {
  items: TimelineEntry[]
  next?: string
}

export interface MarkedAct {
  act: string
  state: "done" | "possible" | "owed" | "waiting" | "closed"
  /** how often it has happened */
  times: number
  done_at?: Instant
  due?: Instant
}

/** Where the case stands in its procedure */
export interface Marking {
  procedure: string
  category: Category
  third: boolean
  acts: MarkedAct[]
}

export interface ActFields {
  act: string
  hash: Digest
  form: string
  fields: Record<string, unknown>
  /** fields that this participant is no reader of */
  hidden: string[]
}

export interface TextToTranslate {
  /** where the text stands among the act's fields (RFC 6901) */
  pointer: string
  /** what the reader takes its language for, where the act states none; what the act states counts before it */
  from?: string
  to: string
}

/** To be shown beside the original and marked: neither certified nor a person's */
export interface MachineTranslation {
  from: string
  to: string
  tool: string
  kind: "machine"
  text: string
}

export interface Translator {
  /** empty: this node has none */
  tool: string
  pairs: {
  from: string
  to: string
}[]
}

/** A field that an act says otherwise; of a clarification, each field that was asked about, with the question and its answer */
export interface Change {
  pointer: string
  kind: "added" | "removed" | "changed" | "same"
  before?: unknown
  after?: unknown
  question?: string
  answer?: string
}

export interface Difference {
  before: Digest
  after: Digest
  form: string
  changes: Change[]
}

export interface Item {
  name: string
  size: number
  media_type: string
  plain_sha256: Digest
  cipher_sha256: Digest
  envelope_sha256: Digest
  cell: number
}

export interface Manifest {
  items: Item[]
  manifest_hash: Digest
}

export interface Holding {
  holder: string
  name: string
  plain_sha256: Digest
  cipher_sha256: Digest
  from: Instant
  under: Digest
  destroyed?: Instant
  destroyed_by?: Digest
}

export interface Custody {
  case: string
  holdings: Holding[]
  /** leads to the certificate's verification */
  code?: string
}

export interface StagedItem {
  token: string
  case: string
  name: string
  media_type: string
  size: number
  received: number
  cell: number
  item?: Item
}

export interface StagedItems {
  items: StagedItem[]
  chunk_bytes: number
}

/** One page: all that the decision rests on */
export interface JudgeView {
  case: string
  request: Digest
  procedure: string
  reference: string
  due?: Instant
  requesting_name: string
  office_name: string
  fields: Record<string, unknown>
  grid: GridRow[]
  assessment: Assessment
  duplicates: string[]
  /** decisions already taken in this case */
  earlier: TimelineEntry[]
}

/** May this office order this from this provider? */
export interface Verdict {
  may: "yes" | "no" | "needs_notice"
  office_name: string
  country: Country
  under: string
  /** in the reader's language */
  because: string
  /** the same, sentence by sentence */
  reasons?: Said[]
  rule: string
  source: string
  directory: number
  /** number from the directory, in an emergency */
  callback?: string
  callback_confirmed?: Instant
}

export interface Deferral {
  case: string
  reference: string
  account: string
  ends: Instant
  by: string
  text_ready: boolean
}

export interface Deferrals {
  items: Deferral[]
  next?: string
}

export interface Person {
  entry: Digest
  person: string
  name: string
  office: string
  office_name: string
  roles: Role[]
  valid_until: Instant
  trained_until: Instant
  passkeys: Passkey[]
  ended: boolean
}

export interface People {
  items: Person[]
  next?: string
}

export interface Invitation {
  id: string
  person: string
  name: string
  office: string
  office_name: string
  roles: Role[]
  valid_until: Instant
  trained_until: Instant
  state: "invited" | "key-registered" | "approved-once" | "enrolled" | "expired"
  invited_by: PersonName
  approved_by?: PersonName
  /** whose approval is the second */
  waits_for?: PersonName
  expires: Instant
  /** shown once, to the one who invites */
  link?: string
}

export interface Invitations {
  items: Invitation[]
}

export interface NewInvitation {
  person: string
  name: string
  office: string
  roles: Role[]
  valid_until: Instant
  trained_until: Instant
}

export interface ItemHands {
  person: string
  name: string
  /** the person who asks has it, or stands in for who has it */
  mine: boolean
  /** who stands in today */
  stand_in?: PersonName
  /** up to when they stand in */
  until?: Instant
}

export interface Caseworker {
  person: string
  name: string
  office: string
  office_name: string
  /** those by which they work on cases today */
  roles: Role[]
  /** in their hands */
  cases: number
}

export interface Caseworkers {
  items: Caseworker[]
}

export interface Caseload {
  person: string
  name: string
  /** in their hands */
  cases: number
}

export interface StandIn {
  statement: Digest
  absent: PersonName
  /** who stands in */
  person: PersonName
  from: Instant
  until: Instant
  /** only these of theirs; none: all */
  cases: string[]
}

export interface Hands {
  /** of everybody who has any */
  caseloads: Caseload[]
  /** open cases in nobody's hands, counted so far */
  nobody: number
  /** those that are not over, the first to end first */
  stand_ins: StandIn[]
}

/** hand-over: to (none: into nobody's hands) and cases or all_of; stand-in: absent, person, from, until, cases (none: all); stand-in-end: statement */
export interface HandsWish {
  deed: "hand-over" | "stand-in" | "stand-in-end"
  to?: string
  cases?: string[]
  /** a person, in place of cases */
  all_of?: string
  absent?: string
  /** who stands in */
  person?: string
  from?: Instant
  until?: Instant
  /** by which the stand-in began */
  statement?: Digest
}

export interface HandsMove {
  /** none: nobody had them */
  from?: PersonName
  cases: string[]
}

/** What a statement says, with names */
export interface HandsDeed {
  deed: "hand-over" | "stand-in" | "stand-in-end"
  by: PersonName
  at: Instant
  to?: PersonName
  moves?: HandsMove[]
  absent?: PersonName
  person?: PersonName
  from?: Instant
  until?: Instant
  cases?: string[]
  ends?: Digest
}

export interface PreparedHands {
  /** the exact bytes that are signed: JSON */
  statement: Bytes
  what: HandsDeed
  /** of all_of, how many cases one statement does not hold */
  left: number
  passkey: PasskeyRequest
}

export interface SignedHands {
  statement: Bytes
  assertion: Assertion
}

export interface HandStatement {
  hash: Digest
  what: HandsDeed
  statement: Bytes
  /** of the roll, whose passkey signed */
  entry: Digest
  assertion: Assertion
  /** the signature was verified just now */
  verified: boolean
}

export interface HandStatements {
  items: HandStatement[]
  next?: string
}

export interface HandsChange {
  at: Instant
  /** none: nobody had it */
  from?: PersonName
  /** none: into nobody's */
  to?: PersonName
  /** who signed; none: `from` left the roll */
  by?: PersonName
  statement?: Digest
  /** the signature was verified just now */
  verified?: boolean
}

/** That a person at a provider was shown a case, the first time on a day */
export interface Sighting {
  at: Instant
  participant: string
  participant_name: string
  office: string
  office_name: string
  /** none: no role of theirs was in force */
  role?: Role
  /** for administrators of the provider alone: it travels nowhere */
  person?: PersonName
  /** the last time on that day, to the minute; with the person */
  last?: Instant
  /** in a list over all cases */
  case?: string
  /** in a list over all cases */
  reference?: string
}

export interface Sightings {
  items: Sighting[]
  next?: string
}

export interface KeyAct {
  case: string
  reference: string
  sequence: number
  act: string
  hash: Digest
  admitted: Instant
  performer_name: string
  sentence: string
  /** names of those who have it besides the performer */
  received_by: string[]
}

export interface KeyActs {
  since: Instant
  items: KeyAct[]
  next?: string
}

export interface RefusedWeek {
  /** its Monday, UTC */
  from: Instant
  times: number
  lines: RefusedLine[]
}

export interface RefusedLine {
  /** who sent it; this one where its own people did */
  participant: string
  participant_name: string
  code: string
  /** that it did not meet, in the reader's language */
  rule: string
  times: number
}

export interface CaseHands {
  /** none: nobody's */
  hands?: PersonName
  /** that cover it, now or later */
  stand_ins: StandIn[]
  /** the latest first */
  history: HandsChange[]
}

export interface PersonName {
  person: string
  name: string
}

/** One visit makes two passkeys: one signs in, the other approves acts; neither does what the other does */
export interface CreationOptions {
  person: string
  name: string
  office_name: string
  roles: Role[]
  expires: Instant
  rp_name: string
  /** opaque handle */
  user: Bytes
  keys: KeyToMake[]
  timeout_ms: number
}

export interface KeyToMake {
  purpose: "sign-in" | "sign"
  rp_id: string
  challenge: Bytes
  /** the person's passkeys that count already */
  exclude: Bytes[]
}

/** A new passkey (WebAuthn Level 3, section 7.1) */
export interface Attestation {
  client_data: Bytes
  attestation_object: Bytes
}

export interface Registered {
  /** the person reads it to the administrators, who compare it before they approve */
  key_code: string
  /** one of the first two people of a node: they read it to whoever set the node up and handed them the link */
  founding: boolean
}

export interface Approvable {
  invitation: Invitation
  label: string
  key_code: string
  /** this approval enrols */
  second: boolean
  with: PersonName
  /** who could give the second approval */
  others: PersonName[]
  entries: EntryToApprove[]
}

export interface EntryToApprove {
  purpose: "sign-in" | "sign"
  /** the exact bytes (docs/protocol.md, Roll) */
  entry: Bytes
  passkey: PasskeyRequest
}

export interface EnrolmentApproval {
  /** as it was prepared */
  with: string
  assertions: Assertion[]
}

export interface Office {
  id: string
  name: string
  roles: Role[]
  categories: Category[]
  sealing_key_until?: Instant
}

export interface Participant {
  id: string
  name: string
  kind: "authority" | "provider" | "oversight" | "witness"
  country?: Country
  url: string
  offices: Office[]
  languages: string[]
  /** where an emergency of this authority is confirmed by call */
  callback?: string
  valid_from: Instant
  valid_until?: Instant
}

export interface Directory {
  version: number
  valid_until: Instant
  signed_by: string[]
  threshold: number
  participants: Participant[]
}

export interface Key {
  id: string
  what: "seal" | "tls" | "sealing" | "record" | "roll"
  owner: string
  owner_name: string
  not_after: Instant
  state: "good" | "soon" | "ended" | "revoked"
  fingerprint: string
}

export interface Keys {
  items: Key[]
}

export interface Partner {
  id: string
  name: string
  country?: Country
  kind: "authority" | "provider" | "oversight" | "witness"
  state: "reachable" | "unreachable" | "unknown"
  cause?: string
  since?: Instant
  /** acts that wait for it */
  waiting: number
  last_contact?: Instant
}

export interface Partners {
  items: Partner[]
}

export interface TestStep {
  step: "name" | "connect" | "certificate" | "directory" | "law-pack" | "clock" | "receipt"
  outcome: "passed" | "failed" | "skipped"
  /** in the reader's language */
  detail: string
}

export interface PartnerTest {
  partner: string
  at: Instant
  passed: boolean
  steps: TestStep[]
}

export interface OutboxRow {
  id: number
  to: string
  to_name: string
  case: string
  act: Digest
  attempts: number
  next_try: Instant
  problem: string
  failed: boolean
}

export interface Outbox {
  items: OutboxRow[]
  next?: string
}

/** One number; it links to its list */
export interface Figure {
  id: string
  value: number
  unit: "count" | "percent" | "days" | "hours"
  /** filters of the worklist that show its cases */
  query?: string
}

/** The last time that a back-up of this node was restored on another machine and found whole; only `due` where it never was */
export interface Drill {
  /** never, or thirty days ago */
  due: boolean
  drilled?: Instant
  backup?: Instant
  /** milliseconds */
  took?: number
  /** of the record that came out, the same as here */
  leaves?: number
  cases?: number
}

export interface SealedDrill {
  /** what comity drill restore wrote */
  sealed: string
}

export interface Overview {
  figures: Figure[]
  /** open cases by age band */
  by_age: Record<string, number>
  /** cases sent back, by reason */
  returned: Record<string, number>
  /** used, ceiling; countries that are paused at theirs, or near it */
  extraordinary: Record<string, number>
  drill: Drill
  /** what was refused at the gate and reached no queue */
  refused: {
  this_week: RefusedWeek
  last_week: RefusedWeek
}
  stuck: WorklistItem[]
}

export interface StatisticRow {
  month: string
  partner: string
  partner_name: string
  procedure: string
  category: Category
  received: number
  sent: number
  refused: number
  median_days?: number
  on_time?: number
}

export interface Statistics {
  rows: StatisticRow[]
  next?: string
}

export interface Question {
  id: string
  title: Text
  query: Record<string, string>
  /** saved by this office */
  own: boolean
  digest: boolean
}

export interface Questions {
  items: Question[]
}

export interface AnswerRow {
  case: string
  reference: string
  why: string
  at: Instant
  holder_name: string
}

export interface Answer {
  question: string
  checkpoint_size: number
  asked: Instant
  items: AnswerRow[]
  next?: string
}

/** A draw that nobody could foresee: from a checkpoint made after it was asked for */
export interface Sample {
  id: string
  size: number
  purpose: string
  asked: Instant
  drawn?: Instant
  checkpoint_size?: number
  checkpoint_root?: Digest
  /** the sample as it is published: seeds and drawn leaves, for comity oversight redraw */
  document?: string
  cases: WorklistItem[]
}

export interface Samples {
  items: Sample[]
}

export interface Alarm {
  id: string
  at: Instant
  kind: "emergency-without-judge" | "notice-overdue" | "deletion-overdue" | "refusals" | "dwell" | "ceiling" | "record-fork" | "unreachable"
  grade: "watch" | "act"
  title: string
  /** in the reader's language */
  facts: string
  said?: Said
  case?: string
  seen: boolean
}

export interface Alarms {
  items: Alarm[]
  next?: string
}

export interface ComparisonOrder {
  first: string
  second: string
  /** the first day */
  from: string
  /** the day after the last */
  until: string
}

/** stands: its leaf was opened and proved under the checkpoint that is followed; not_yet: not there, and there is still time; unknown: the node does not answer, or its record is not to be relied on */
export type Standing = "stands" | "not_yet" | "missing" | "unknown"

export interface ComparedRecord {
  participant: string
  name: string
  checkpoint_size: number
  read?: Instant
  /** why nothing of it can be said */
  problem?: string
}

export interface ComparedAct {
  case: string
  sequence: number
  hash: Digest
  act?: string
  performer?: string
  performer_name?: string
  admitted?: Instant
  first: Standing
  second: Standing
}

export interface Comparison {
  equal: boolean
  from: Instant
  until: Instant
  asked: Instant
  /** that both took part in, with an act in the period */
  cases: number
  first: ComparedRecord
  second: ComparedRecord
  counts: {
  act: string
  both: number
  first_only: number
  second_only: number
  not_yet: number
  neither: number
  unknown: number
}[]
  differences: ComparedAct[]
  /** differences that are not shown */
  more: number
  /** acts that one of them names and this node does not hold */
  unknown_here: ComparedAct[]
  cancelled: {
  case: string
  by: string
  by_name: string
  at: Instant
}[]
}

export interface Look {
  at: Instant
  person: string
  /** what they are called here */
  person_name: string
  office: string
  what: "case" | "question" | "sample" | "fields" | "comparison"
  case?: string
  purpose: string
}

export interface Looks {
  items: Look[]
  next?: string
}

export interface LawText {
  text: string
  /** parts of the text, verbatim, that are in English though the reader's language is another */
  english?: string[]
  source: string
  confidence: "found" | "known" | "stated" | "unknown"
}

export interface LawNote {
  text: string
  /** as in LawText */
  english?: string[]
}

export interface BindingInstrument {
  id: string
  title: Text
  articles: string[]
  since?: string
  covers: boolean
  reservations: LawNote[]
  source: string
  confidence: string
}

/** How data is treated between two countries, from the law data that the nodes enforce */
export interface Treatment {
  requesting: Country
  requested: Country
  category: Category
  offence?: string
  date: Date
  law_pack: Digest
  instruments: BindingInstrument[]
  /** what serves where no instrument binds */
  without?: string
  who_asks: LawText[]
  who_approves: LawText[]
  seriousness: LawText[]
  dual_criminality: LawText[]
  refusal: LawText[]
  languages: LawText[]
  clocks: LawText[]
  notice: LawText[]
  kept: LawText[]
  remedy: LawText[]
}

export interface CountrySummary {
  code: Country
  name: Text
  /** countries with which an instrument binds it */
  instruments: number
  gaps: number
  participates: boolean
  profile: boolean
}

export interface Countries {
  law_pack: Digest
  items: CountrySummary[]
}

export interface Gap {
  a: Country
  b: Country
  /** the largest published number of requests of one of the two */
  demand?: number
  /** what the number counts over, for example H1 2022 */
  period?: string
  /** instruments for listed offences, and what could serve without binding */
  nearest?: string
}

export interface Gaps {
  law_pack: Digest
  items: Gap[]
  next?: string
  total: number
}

/** The countries one country has an instrument with, for the map */
export interface Links {
  country: Country
  with: Link[]
}

export interface Link {
  country: Country
  instruments: string[]
}

export interface Named {
  id: string
  title: Text
}

export interface NamedInstrument {
  id: string
  title: Text
  /** the two countries of a treaty whose title does not name them */
  between?: Country[]
}

/** Names that forms and pages use */
export interface Vocabulary {
  offences: Named[]
  categories: Named[]
  instruments: NamedInstrument[]
  procedures: Named[]
  data_items: Named[]
}

/** No case is named: a country, how many and since when */
export interface OverdueNotice {
  country: Country
  country_name: string
  duty: "notice" | "deletion" | "authorisation"
  count: number
  /** the earliest day on which one of them was due */
  oldest: Date
  /** SHA-256 over the checkpoints of the country's records, in the order of their origins */
  commitment: Digest
}

export interface Overdue {
  checkpoint_size: number
  at: Instant
  items: OverdueNotice[]
  next?: string
}

/** `to` is set where small numbers are given as a band */
export interface Cell {
  dimension: string
  value: number
  to?: number
}

export interface Series {
  id: string
  title: Text
  unit: "count" | "percent" | "days"
  cells: Cell[]
}

/** A quarter's report. `digest` is the SHA-256 of `canonical`; `entry` is the leaf of the record that holds it, hashed as RFC 6962, section 2.1 says; `series` are what `canonical` says, and the browser makes them itself */
export interface Report {
  period: string
  participant: string
  issued: Instant
  digest: Digest
  series: Series[]
  leaf?: number
  /** the leaf's bytes, base64url */
  entry?: string
  /** inclusion proof, RFC 6962 */
  proof?: Digest[]
  checkpoint_root?: Digest
  checkpoint_size?: number
  /** the signed and cosigned note of root and size */
  checkpoint?: string
  /** the record's verifier key, as the directory in force names it (C2SP signed-note) */
  record_key?: string
  /** the witnesses' verifier keys, of the federation's policy */
  witness_keys?: string[]
  /** the bytes that the digest is of, base64url: the document with every opening and proof */
  canonical: string
}

export interface Reports {
  items: Report[]
  next?: string
}

export interface LetterCode {
  hash: Digest
}

/** What a letter says around its form */
export interface PrintedAct {
  case: string
  sequence: number
  act: string
  hash: Digest
  performer: string
  performer_name: string
  admitted: Instant
  proof: Proof
}

export interface NoticeCode {
  code: string
  language?: string
}

/** A signed statement that a holder has destroyed what it held */
export interface Destroyed {
  act: "delete" | "purge" | "discard"
  at: Instant
}

export interface Deferred {
  court: string
  until: Instant
}

export interface Remedy {
  court: string
  address: string
  time_limit: string
  last_day?: Date
  legal_aid: string
  languages: string[]
  oversight: string
}

export interface Notice {
  what: string
  why: string
  obtained_at: Instant
  authorities: string[]
  legal_basis: string
  deferrals: Deferred[]
  remedy: Remedy
  language: string
  given: Instant
  challenge: "possible" | "pending" | "decided" | "none"
  /** what the court tells the person, once it has ruled */
  ruling?: string
  destroyed: Destroyed[]
  proof: Proof
}

export interface Challenge {
  code: string
  grounds: string
  relief: ("declare_unlawful" | "delete" | "exclude" | "limit" | "compensation")[]
  language: string
  contact?: string
  representative?: string
}

export interface ChallengeReceipt {
  received: Instant
  court: string
  number: string
  ruling_due: Instant
  /** this node's signed word that it has the filing: a JWS over its hash */
  receipt: string
  /** what was filed; kept with the receipt, it proves it */
  filing: string
  /** the authority that gave the notice has it already; else it is sent on */
  carried: boolean
}

/** Where a lawful request goes */
export interface Door {
  country: Country
  authority: string
  unit?: string
  languages: string[]
  channel?: string
  contact_24_7?: string
  /** its node, where it takes part */
  participant?: string
  url?: string
  source: string
  confidence: string
}

export interface Doors {
  items: Door[]
}

/** A form's JSON Schema of law/forms, as it stands there */
export type Form = Record<string, unknown>

/** A procedure of law/procedures, as it stands there */
export type Procedure = Record<string, unknown>

export interface PracticePerson {
  person: string
  name: string
  office_name: string
  roles: Role[]
}

export interface Operations {
  /** Begin to sign in: what the passkey signs */
  beginSignIn: { path: {  }; query: {  }; body: undefined; answer: PasskeyRequest }
  /** Sign in with the passkey's answer; sets the session cookie */
  signIn: { path: {  }; query: {  }; body: Assertion; answer: Session }
  /** Who is signed in */
  getSession: { path: {  }; query: {  }; body: undefined; answer: Session }
  /** End the session at once */
  signOut: { path: {  }; query: {  }; body: undefined; answer: undefined }
  /** One's own passkeys */
  listOwnPasskeys: { path: {  }; query: {  }; body: undefined; answer: {
  items: Passkey[]
} }
  /** Report one's own passkey lost; it ends at once, with the other of the same visit */
  endOwnPasskey: { path: { credential: string }; query: {  }; body: undefined; answer: undefined }
  /** Whether one is written to when something new waits */
  getMail: { path: {  }; query: {  }; body: undefined; answer: MailState }
  /** Be written to from now on: a link and a reference, never anything of a case */
  saveMail: { path: {  }; query: {  }; body: MailWish; answer: undefined }
  /** Be written to no longer */
  endMail: { path: {  }; query: {  }; body: undefined; answer: undefined }
  /** The node at a glance */
  getStatus: { path: {  }; query: {  }; body: undefined; answer: NodeStatus }
  /** Who one can be in a practice world */
  listPractice: { path: {  }; query: {  }; body: undefined; answer: {
  items: PracticePerson[]
} }
  /** What that person's software authenticator answers to a challenge */
  practiceAssertion: { path: {  }; query: {  }; body: {
  person: string
  challenge: Bytes
  rp_id: string
}; answer: Assertion }
  /** What is owed, by deadline; a draft shows only to its office, a sealed case only to its participants */
  listWork: { path: {  }; query: { after?: string; direction?: "incoming" | "outgoing" | "observed"; partner?: string; procedure?: string; category?: Category; state?: "draft" | "open" | "waiting" | "suspended" | "at-rest"; holder?: string; due?: "late" | "today" | "week" | "stuck" | "all"; mine?: boolean; hands?: string; q?: string; sort?: "due" | "updated"; limit?: number }; body: undefined; answer: WorklistPage }
  /** Saved views: one's own and the office's */
  listViews: { path: {  }; query: {  }; body: undefined; answer: {
  items: SavedView[]
} }
  /** Save a view */
  saveView: { path: { name: string }; query: {  }; body: SavedView; answer: undefined }
  /** Forget a view */
  deleteView: { path: { name: string }; query: {  }; body: undefined; answer: undefined }
  /** Who has how many cases in hand, and who stands in for whom */
  getHands: { path: {  }; query: {  }; body: undefined; answer: Hands }
  /** Hand cases over, or name who stands in, by a statement signed with the passkey; the same one again is no change */
  signHands: { path: {  }; query: {  }; body: SignedHands; answer: HandStatement }
  /** Everybody who works on cases today: whom cases can be handed over to, and who can stand in */
  listCaseworkers: { path: {  }; query: {  }; body: undefined; answer: Caseworkers }
  /** The bytes of a statement about hands, for the passkey; changes nothing */
  prepareHands: { path: {  }; query: {  }; body: HandsWish; answer: PreparedHands }
  /** What was signed about hands, the latest first, with what is needed to verify it */
  listHandStatements: { path: {  }; query: { after?: string; limit?: number }; body: undefined; answer: HandStatements }
  /** Drafts of one's own office */
  listDrafts: { path: {  }; query: { after?: string; limit?: number }; body: undefined; answer: {
  items: DraftSummary[]
  next?: string
} }
  /** Begin a draft; the profile of the country asked fills in what it can */
  createDraft: { path: {  }; query: {  }; body: {
  form: string
  procedure: string
  opening: Opening
  case?: string
}; answer: Draft }
  /** A draft */
  getDraft: { path: { id: string }; query: {  }; body: undefined; answer: Draft }
  /** Save a draft as typed: any fields, complete or not; 412 when somebody else saved since */
  saveDraft: { path: { id: string }; query: {  }; body: {
  opening: Opening
  fields: Record<string, unknown>
}; answer: Draft }
  /** Throw a draft away */
  deleteDraft: { path: { id: string }; query: {  }; body: undefined; answer: undefined }
  /** The letter as it would be sent, in two languages */
  draftLetter: { path: { id: string }; query: { language?: string; beside?: string }; body: undefined; answer: Blob }
  /** What the law says of this request, incomplete or not; nothing is kept */
  assess: { path: {  }; query: {  }; body: AssessmentInput; answer: Assessment }
  /** Read many selectors, one a line; each line answers for itself */
  checkSelectors: { path: {  }; query: {  }; body: {
  text: string
  type?: string
  namespace?: string
}; answer: SelectorLines }
  /** Check an act and print the bytes that would be signed; nothing happens yet */
  prepareAct: { path: {  }; query: {  }; body: Intent; answer: Prepared }
  /** Perform a prepared act with the passkey's answer; by the act's hash it is done once */
  performAct: { path: {  }; query: {  }; body: {
  act: Digest
  assertion: Assertion
}; answer: Performed }
  /** A case: who, where it stands, what is owed and possible */
  getCase: { path: { case: string }; query: {  }; body: undefined; answer: Case }
  /** Its acts in order */
  getTimeline: { path: { case: string }; query: { after?: string; limit?: number }; body: undefined; answer: Timeline }
  /** Where it stands in its procedure */
  getMarking: { path: { case: string }; query: {  }; body: undefined; answer: Marking }
  /** The findings on its request, recomputed here */
  getCaseAssessment: { path: { case: string }; query: {  }; body: undefined; answer: Assessment }
  /** What this participant may read of an act; the look is kept */
  getActFields: { path: { case: string; hash: string }; query: {  }; body: undefined; answer: ActFields }
  /** A machine's translation of one text of an act, by a program of this node; kept nowhere, and no part of the act; the look is kept */
  translateText: { path: { case: string; hash: string }; query: {  }; body: TextToTranslate; answer: MachineTranslation }
  /** Which program of this node translates, and between which languages */
  getTranslator: { path: {  }; query: {  }; body: undefined; answer: Translator }
  /** Field by field against another act or the request */
  getDifference: { path: { case: string; hash: string }; query: { with: Digest }; body: undefined; answer: Difference }
  /** The act as a letter, in two languages */
  getLetter: { path: { case: string; hash: string }; query: { language?: string; beside?: string }; body: undefined; answer: Blob }
  /** The keeper's receipt for an act as a letter, in two languages */
  getReceipt: { path: { case: string; hash: string }; query: { language?: string; beside?: string }; body: undefined; answer: Blob }
  /** The certificate of custody as a letter, in two languages */
  getCustodyLetter: { path: { case: string }; query: { language?: string; beside?: string }; body: undefined; answer: Blob }
  /** In whose hands the case is here, who stands in, and through whose hands it went */
  getCaseHands: { path: { case: string }; query: {  }; body: undefined; answer: CaseHands }
  /** Who at the case's provider was shown it, once a person and day, the latest first: told without names; an administrator of the provider has them */
  listSightings: { path: { case: string }; query: { after?: string; limit?: number }; body: undefined; answer: Sightings }
  /** All that a judge's decision rests on */
  getJudgeView: { path: { case: string }; query: {  }; body: undefined; answer: JudgeView }
  /** May this office order this from this provider? */
  getVerdict: { path: { case: string }; query: {  }; body: undefined; answer: Verdict }
  /** Items of a production or release */
  getManifest: { path: { case: string; act: string }; query: {  }; body: undefined; answer: Manifest }
  /** Who held what, when, under which act */
  getCustody: { path: { case: string }; query: {  }; body: undefined; answer: Custody }
  /** The whole case with its proofs, for verification without a network */
  getBundle: { path: { case: string }; query: {  }; body: undefined; answer: Blob }
  /** Items of a production that are being uploaded */
  listStaged: { path: { case: string }; query: {  }; body: undefined; answer: StagedItems }
  /** Begin an item of a production */
  beginItem: { path: { case: string }; query: {  }; body: {
  name: string
  media_type: string
  size: number
  cell: number
}; answer: StagedItem }
  /** How much has arrived; an upload goes on from there */
  getStaged: { path: { token: string }; query: {  }; body: undefined; answer: StagedItem }
  /** The next bytes, encrypted as they come; 409 with the size when the offset is another */
  appendItem: { path: { token: string }; query: { offset: number }; body: Blob; answer: {
  received: number
} }
  /** Drop an item that is not yet produced */
  dropItem: { path: { token: string }; query: {  }; body: undefined; answer: undefined }
  /** End an item; its line of the manifest */
  finishItem: { path: { token: string }; query: {  }; body: undefined; answer: {
  item: Item
} }
  /** Encrypt an item again, to the requesting office */
  resealItem: { path: { case: string }; query: {  }; body: {
  item: Digest
}; answer: {
  item: Item
} }
  /** Verify an item and ready it for reading */
  openItem: { path: { case: string }; query: {  }; body: {
  item: Digest
}; answer: {
  token: string
  item: Item
} }
  /** The next chunk of an opened item, or the one from an offset on; empty at the end */
  readItem: { path: { token: string }; query: { offset?: number }; body: undefined; answer: Blob }
  /** Deferrals of notice that end, by date */
  listDeferrals: { path: {  }; query: { after?: string; until?: Date; limit?: number }; body: undefined; answer: Deferrals }
  /** Figures of the day; each links to its list */
  getOverview: { path: {  }; query: {  }; body: undefined; answer: Overview }
  /** Take down what a drill found: a back-up was restored on another machine */
  takeDownDrill: { path: {  }; query: {  }; body: SealedDrill; answer: Drill }
  /** Partners and whether they can be reached */
  listPartners: { path: {  }; query: {  }; body: undefined; answer: Partners }
  /** Try the way to a partner, step by step; a test is marked as one in the signed bytes */
  testPartner: { path: { participant: string }; query: {  }; body: undefined; answer: PartnerTest }
  /** What waits for other nodes */
  listOutbox: { path: {  }; query: { after?: string; limit?: number }; body: undefined; answer: Outbox }
  /** Send a failed delivery again */
  resend: { path: { id: string }; query: {  }; body: undefined; answer: undefined }
  /** The directory, as of today or another day */
  getDirectory: { path: {  }; query: { on?: Date }; body: undefined; answer: Directory }
  /** Keys and certificates with their ends, own and partners' */
  listKeys: { path: {  }; query: {  }; body: undefined; answer: Keys }
  /** The acts that were approved with a passkey of this participant's, or sealed under a participant's certificate, since a day: for who has lost it */
  listKeyActs: { path: { key: string }; query: { since?: string; after?: string; limit?: number }; body: undefined; answer: KeyActs }
  /** Who of this participant's own people was shown which case, the latest first; a provider's alone has any */
  listOwnSightings: { path: {  }; query: { after?: string; limit?: number }; body: undefined; answer: Sightings }
  /** Cases by month, partner and outcome */
  getStatistics: { path: {  }; query: { after?: string; from?: string; to?: string; limit?: number }; body: undefined; answer: Statistics }
  /** The roll */
  listPeople: { path: {  }; query: { after?: string; office?: string; role?: Role; limit?: number }; body: undefined; answer: People }
  /** A person leaves: every entry and session of theirs ends at once */
  endPerson: { path: { entry: string }; query: {  }; body: undefined; answer: undefined }
  /** A person's passkey is lost or stolen: it ends at once, with the other of the same visit and the person's sessions */
  endPasskey: { path: { entry: string; credential: string }; query: {  }; body: undefined; answer: undefined }
  /** Enrolments that are under way */
  listInvitations: { path: {  }; query: {  }; body: undefined; answer: Invitations }
  /** Invite a person; the link works once */
  invite: { path: {  }; query: {  }; body: NewInvitation; answer: Invitation }
  /** Withdraw an invitation; its link and its passkeys come to nothing */
  withdrawInvitation: { path: { id: string }; query: {  }; body: undefined; answer: undefined }
  /** The bytes of the two roll entries, for one of the two approvals */
  prepareApproval: { path: { id: string }; query: { with?: string }; body: undefined; answer: Approvable }
  /** Approve the two entries with a passkey; the second approval enrols */
  approve: { path: { id: string }; query: {  }; body: EnrolmentApproval; answer: Invitation }
  /** What the two new passkeys are made for; the challenges serve once */
  enrolmentOptions: { path: {  }; query: {  }; body: {
  token: string
}; answer: CreationOptions }
  /** Register the two new passkeys; they do nothing until two people approve */
  registerPasskey: { path: {  }; query: {  }; body: {
  token: string
  label: string
  /** in the order of the options' keys */
  attestations: Attestation[]
}; answer: Registered }
  /** Saved questions */
  listQuestions: { path: {  }; query: {  }; body: undefined; answer: Questions }
  /** Save a question; it is kept in the record */
  saveQuestion: { path: {  }; query: {  }; body: Question; answer: Question }
  /** Its answer now; the look is kept */
  askQuestion: { path: { id: string }; query: { after?: string; limit?: number }; body: undefined; answer: Answer }
  /** Samples drawn */
  listSamples: { path: {  }; query: {  }; body: undefined; answer: Samples }
  /** Ask for a sample; it is drawn from the next checkpoint */
  drawSample: { path: {  }; query: {  }; body: {
  size: number
  purpose: string
}; answer: Sample }
  /** What one participant says it sent with what another says it got, proved from both records; that it was asked is kept */
  compareRecords: { path: {  }; query: {  }; body: ComparisonOrder; answer: Comparison }
  /** Alarms, the newest first */
  listAlarms: { path: {  }; query: { after?: string; limit?: number }; body: undefined; answer: Alarms }
  /** Mark an alarm as seen */
  seeAlarm: { path: { id: string }; query: {  }; body: undefined; answer: undefined }
  /** What oversight itself has looked at */
  listLooks: { path: {  }; query: { after?: string; limit?: number }; body: undefined; answer: Looks }
  /** Countries of the law pack */
  listCountries: { path: {  }; query: {  }; body: undefined; answer: Countries }
  /** Names of offences, categories, instruments, procedures and kinds of data */
  getVocabulary: { path: {  }; query: {  }; body: undefined; answer: Vocabulary }
  /** A form */
  getForm: { path: { form: string }; query: {  }; body: undefined; answer: Form }
  /** A procedure */
  getProcedure: { path: { procedure: string }; query: {  }; body: undefined; answer: Procedure }
  /** How data is treated between two countries */
  getTreatment: { path: {  }; query: { requesting: Country; requested: Country; category?: Category; offence?: string; date?: Date }; body: undefined; answer: Treatment }
  /** Pairs with no instrument */
  listGaps: { path: {  }; query: { after?: string; country?: Country; order?: "demand" | "name"; limit?: number }; body: undefined; answer: Gaps }
  /** Countries with which an instrument binds this one */
  getLinks: { path: { country: string }; query: {  }; body: undefined; answer: Links }
  /** Which authority receives requests */
  listDoors: { path: {  }; query: { country?: Country }; body: undefined; answer: Doors }
  /** Notices, deletions and judges' decisions that are overdue, by country; never a case */
  listOverdue: { path: {  }; query: { after?: string; limit?: number }; body: undefined; answer: Overdue }
  /** Which program runs here, by its own account, and the proof that it is a release */
  getBuild: { path: {  }; query: {  }; body: undefined; answer: Build }
  /** Signed transparency reports with their proofs */
  listReports: { path: {  }; query: { after?: string; limit?: number }; body: undefined; answer: Reports }
  /** The act whose code stands at the end of a letter, with what this node has checked of it; nothing of its content */
  lookUpAct: { path: {  }; query: {  }; body: LetterCode; answer: PrintedAct }
  /** Read a notice with its code. Sealed, unknown and wrong codes get the same answer in the same time */
  lookUpNotice: { path: {  }; query: {  }; body: NoticeCode; answer: Notice }
  /** The notice's bundle, for verification without a network */
  downloadNotice: { path: {  }; query: {  }; body: NoticeCode; answer: Blob }
  /** Challenge; use of the data is suspended until a judge rules */
  challenge: { path: {  }; query: {  }; body: Challenge; answer: ChallengeReceipt }
  /** This description */
  getOpenapi: { path: {  }; query: {  }; body: undefined; answer: Record<string, unknown> }
}

/** Method and path of each operation, below the server's /api/v1, and whether it is a signed-in person's. */
export const operations: { readonly [K in keyof Operations]: readonly [string, string, 'person' | 'anybody'] } = {
  beginSignIn: ['POST', '/session/challenge', 'anybody'],
  signIn: ['POST', '/session', 'anybody'],
  getSession: ['GET', '/session', 'person'],
  signOut: ['DELETE', '/session', 'person'],
  listOwnPasskeys: ['GET', '/session/passkeys', 'person'],
  endOwnPasskey: ['POST', '/session/passkeys/{credential}/end', 'person'],
  getMail: ['GET', '/session/mail', 'person'],
  saveMail: ['PUT', '/session/mail', 'person'],
  endMail: ['DELETE', '/session/mail', 'person'],
  getStatus: ['GET', '/status', 'anybody'],
  listPractice: ['GET', '/practice/people', 'anybody'],
  practiceAssertion: ['POST', '/practice/assertions', 'anybody'],
  listWork: ['GET', '/worklist', 'person'],
  listViews: ['GET', '/worklist/views', 'person'],
  saveView: ['PUT', '/worklist/views/{name}', 'person'],
  deleteView: ['DELETE', '/worklist/views/{name}', 'person'],
  getHands: ['GET', '/hands', 'person'],
  signHands: ['POST', '/hands', 'person'],
  listCaseworkers: ['GET', '/hands/people', 'person'],
  prepareHands: ['POST', '/hands/prepare', 'person'],
  listHandStatements: ['GET', '/hands/statements', 'person'],
  listDrafts: ['GET', '/drafts', 'person'],
  createDraft: ['POST', '/drafts', 'person'],
  getDraft: ['GET', '/drafts/{id}', 'person'],
  saveDraft: ['PUT', '/drafts/{id}', 'person'],
  deleteDraft: ['DELETE', '/drafts/{id}', 'person'],
  draftLetter: ['GET', '/drafts/{id}/letter', 'person'],
  assess: ['POST', '/assessments', 'person'],
  checkSelectors: ['POST', '/selectors/check', 'person'],
  prepareAct: ['POST', '/acts/prepare', 'person'],
  performAct: ['POST', '/acts/perform', 'person'],
  getCase: ['GET', '/cases/{case}', 'person'],
  getTimeline: ['GET', '/cases/{case}/timeline', 'person'],
  getMarking: ['GET', '/cases/{case}/procedure', 'person'],
  getCaseAssessment: ['GET', '/cases/{case}/assessment', 'person'],
  getActFields: ['GET', '/cases/{case}/acts/{hash}/fields', 'person'],
  translateText: ['POST', '/cases/{case}/acts/{hash}/translation', 'person'],
  getTranslator: ['GET', '/translator', 'person'],
  getDifference: ['GET', '/cases/{case}/acts/{hash}/difference', 'person'],
  getLetter: ['GET', '/cases/{case}/acts/{hash}/letter', 'person'],
  getReceipt: ['GET', '/cases/{case}/acts/{hash}/receipt', 'person'],
  getCustodyLetter: ['GET', '/cases/{case}/custody/letter', 'person'],
  getCaseHands: ['GET', '/cases/{case}/hands', 'person'],
  listSightings: ['GET', '/cases/{case}/sightings', 'person'],
  getJudgeView: ['GET', '/cases/{case}/judge', 'person'],
  getVerdict: ['GET', '/cases/{case}/verdict', 'person'],
  getManifest: ['GET', '/cases/{case}/manifest/{act}', 'person'],
  getCustody: ['GET', '/cases/{case}/custody', 'person'],
  getBundle: ['GET', '/cases/{case}/bundle', 'person'],
  listStaged: ['GET', '/cases/{case}/items', 'person'],
  beginItem: ['POST', '/cases/{case}/items', 'person'],
  getStaged: ['GET', '/evidence/staging/{token}', 'person'],
  appendItem: ['PUT', '/evidence/staging/{token}', 'person'],
  dropItem: ['DELETE', '/evidence/staging/{token}', 'person'],
  finishItem: ['POST', '/evidence/staging/{token}/finish', 'person'],
  resealItem: ['POST', '/cases/{case}/release', 'person'],
  openItem: ['POST', '/cases/{case}/openings', 'person'],
  readItem: ['GET', '/evidence/openings/{token}', 'person'],
  listDeferrals: ['GET', '/deferrals', 'person'],
  getOverview: ['GET', '/overview', 'person'],
  takeDownDrill: ['POST', '/drill', 'person'],
  listPartners: ['GET', '/partners', 'person'],
  testPartner: ['POST', '/partners/{participant}/test', 'person'],
  listOutbox: ['GET', '/outbox', 'person'],
  resend: ['POST', '/outbox/{id}/resend', 'person'],
  getDirectory: ['GET', '/directory', 'person'],
  listKeys: ['GET', '/keys', 'person'],
  listKeyActs: ['GET', '/keys/{key}/acts', 'person'],
  listOwnSightings: ['GET', '/sightings', 'person'],
  getStatistics: ['GET', '/statistics', 'person'],
  listPeople: ['GET', '/people', 'person'],
  endPerson: ['POST', '/people/{entry}/end', 'person'],
  endPasskey: ['POST', '/people/{entry}/passkeys/{credential}/end', 'person'],
  listInvitations: ['GET', '/invitations', 'person'],
  invite: ['POST', '/invitations', 'person'],
  withdrawInvitation: ['DELETE', '/invitations/{id}', 'person'],
  prepareApproval: ['GET', '/invitations/{id}/approval', 'person'],
  approve: ['POST', '/invitations/{id}/approval', 'person'],
  enrolmentOptions: ['POST', '/enrolment/options', 'anybody'],
  registerPasskey: ['POST', '/enrolment', 'anybody'],
  listQuestions: ['GET', '/oversight/questions', 'person'],
  saveQuestion: ['POST', '/oversight/questions', 'person'],
  askQuestion: ['GET', '/oversight/questions/{id}/answer', 'person'],
  listSamples: ['GET', '/oversight/samples', 'person'],
  drawSample: ['POST', '/oversight/samples', 'person'],
  compareRecords: ['POST', '/oversight/comparisons', 'person'],
  listAlarms: ['GET', '/oversight/alarms', 'person'],
  seeAlarm: ['POST', '/oversight/alarms/{id}/seen', 'person'],
  listLooks: ['GET', '/oversight/looks', 'person'],
  listCountries: ['GET', '/law/countries', 'anybody'],
  getVocabulary: ['GET', '/law/vocabulary', 'anybody'],
  getForm: ['GET', '/law/forms/{form}', 'anybody'],
  getProcedure: ['GET', '/law/procedures/{procedure}', 'anybody'],
  getTreatment: ['GET', '/law/between', 'anybody'],
  listGaps: ['GET', '/law/gaps', 'anybody'],
  getLinks: ['GET', '/law/links/{country}', 'anybody'],
  listDoors: ['GET', '/law/doors', 'anybody'],
  listOverdue: ['GET', '/public/overdue', 'anybody'],
  getBuild: ['GET', '/public/build', 'anybody'],
  listReports: ['GET', '/public/reports', 'anybody'],
  lookUpAct: ['POST', '/public/acts', 'anybody'],
  lookUpNotice: ['POST', '/public/notices', 'anybody'],
  downloadNotice: ['POST', '/public/notices/bundle', 'anybody'],
  challenge: ['POST', '/public/challenges', 'anybody'],
  getOpenapi: ['GET', '/openapi.json', 'anybody'],
}
