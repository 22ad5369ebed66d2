/**
 * The shapes that the page holds and the shapes that cross the wire. Types only: nothing here is shipped.
 * Names on the wire are Python's (snake_case), names of the page's own are JavaScript's.
 */

export type InstanceState = "queued" | "reading" | "ready" | "working" | "done" | "quarantined";

export interface Window {
  center: number | null;
  width: number | null;
  function?: string;
  explanation?: string;
  source: string;
  voi_lut?: number | null;
}

/** What a text in pixels is about. */
export type Kind = "identifies" | "date" | "institution" | "technical" | "unknown";
/** What is said of an image in which text stays that may not: `unclear` where nobody has judged it. */
export type Stays = "identifies" | "unclear";
/** Columns and rows of the picture as stored, the ends not included. */
export interface Box { left: number; top: number; right: number; bottom: number }
/** A text of one frame, as the core tells it: `text` is a reading and may err, `matches` are keywords. `may_identify`: it may not be left legible, unless a person says so. */
export interface Read extends Box { text: string; sure: number; kind: Kind; may_identify: boolean; matches: string[]; source: "read" | "rule" }
/** `static`: what every frame shows, which `frames` does not repeat. */
export interface Scan { frames: { frame_index: number; boxes: Read[] }[]; static?: Read[]; scanned: number }
/** A box over the picture, on the frames from `first` to `last`. `decision`: the person's own; null: the mode's. `rule`: the number of the one in force that it stands for, or "known". */
export interface Mark extends Box {
  id: string; first: number; last: number; text: string; sure: number; kind: Kind; may_identify: boolean; matches: readonly string[];
  source: "read" | "rule" | "drawn"; decision: "remove" | "keep" | null; rule?: string;
}
export type Side = "top" | "bottom" | "left" | "right";
/** A rule as a rule file has it; `when` is for the core. Rectangles are left, top, width, height. */
export interface PixelRule {
  name?: string; when?: object; rectangles?: number[][]; bands?: Partial<Record<Side, number>>; outside_regions?: boolean;
}
/** What a rule says of an instance: `rule` is its number, null: one of the open lists of devices. */
export interface RuleBox extends Box { rule: number | null }
/** A line of a script or recipe that is no rule here. */
export interface RuleProblem { line: number; reason: string }
/** What is known of the pixels of one instance. `missing`: nobody looked for text there; never the same as clean. */
export interface Sight {
  status: "none" | "waiting" | "scanning" | "scanned" | "missing"; marks: readonly Mark[]; seen: boolean; trouble?: Trouble;
}
export type Sights = Readonly<Record<string, Sight>>;
export type PixelMode = "default" | "strict" | "own";
/** `able`: whether this edition can look for text; null: not known yet. `kinds`: what goes in the mode `own`. */
export interface Pixels {
  able: boolean | null; of: Sights; mode: PixelMode; kinds: readonly Kind[];
  /** The mark in hand, and whether the picture is shown as it will be. */
  chosen: string | null; after: boolean;
  work: { done: number; total: number; startedAt: number; frames: { done: number; total: number } | null } | null;
  /** The person's own rules, and whether those of the open lists of devices hold too; `ruling`: instances that they are still being asked for. */
  rules: readonly PixelRule[]; known: boolean; ruling: number;
  /** What was not taken of the file that was loaded last. */
  problems: readonly RuleProblem[];
  /** Instances that the person wants saved without their pixels checked. */
  waived: ReadonlySet<string>;
  /** Marks of text that identifies, of which the person has said again that it stays. */
  confirmed: ReadonlySet<string>;
}
/** What is about to leave while the person is asked about text that stays in it. `frameIndex`: of one picture by itself; null: all frames. */
export interface Leaving { as: "results" | "pictures" | "copy"; ids: readonly string[]; frameIndex: number | null }
/** What a change of marks or rules replaced, or put in its place. */
export type PixelEdit = Pick<Pixels, "mode" | "kinds" | "rules"> & { of: Sights };
export type Reach = "frame" | "clip" | "series" | "device";

export interface Identifying {
  tag: string;
  keyword: string;
  name: string;
  path: string;
  value: string;
  action: string;
  rule: string;
}

/** What series have in common; then, of the instance, its UID, its keyed UID, and its number. */
export type Header = readonly [common: readonly (string | number)[], uid: string, newUid: string, place: number];

export interface Inspection {
  notes: string[];
  patient: { name: string; id: string; birth_date: string; sex: string; pseudonym: string };
  study: { uid: string; date: string; description: string; accession: string };
  series: { uid: string; number: string | number | null; modality: string; description: string };
  instance: {
    uid: string; number: number | null; sop_class: string; transfer_syntax: string;
    rows: number | null; columns: number | null; frames: number; bits_stored: number | null;
    photometric: string; has_pixels: boolean;
  };
  counts: { identifying: number; private: number; uids: number };
  /** null where it was read with thousands of others: it is asked for when it is looked at. */
  identifying: Identifying[] | null;
  /** What names and questions are made of, as the core wants it back; null: the person's own table does not name the patient. */
  header: Header | null;
  risks: { code: string; [key: string]: unknown }[];
  device?: { manufacturer: string; model: string };
  /** How fast its frames were made to be shown: frames per second, or ms for each. */
  cine?: { rate: number; times: number[] | null; source: string } | null;
  /** Where it stands among its series: mm along its normal, and so on. */
  place?: { orientation: number[] | null; along: number | null; temporal: number | null; number: number | null } | null;
  /** The frames in the order in which they belong; null: as they are stored. */
  frame_order?: number[] | null;
  video?: { codec: string; mime_type: string } | null;
}

/** A place of an output where verification found something of the original, and of what kind it was. */
export interface Hit { where: string; kind: string }
/**
 * What is wrong with a file or a picture: a code that words/ turns into a sentence, or the core's own sentence
 * where it knows more. Never a value.
 */
export interface Trouble { code: string; params: Record<string, unknown>; sentence?: string; hits?: readonly Hit[] }

/**
 * A file that is not held: compressed inside an archive (packed.js), or known by the way to it (ondisk.js). `size` is
 * that of its content. `kept`: whether its content is held for a while, since opening costs more than that.
 */
export interface Packed { name: string; readonly size: number; kept: boolean; open(): Promise<Blob> }
/** What came in and is no instance; of a DICOMDIR also how many files it names, and how many of them are not there. */
export interface LeftOut { id: string; name: string; trouble: Trouble; named?: number; missing?: number }

/** One file that the person gave. `id` is ours and says nothing about the file. */
export interface Item {
  id: string;
  file: File | Packed;
  /** Where it was below what was dropped; `inside`: in an archive. */
  path: string;
  inside?: boolean;
  state: InstanceState;
  /** Left out by the answer to a question. */
  out?: boolean;
  inspection?: Inspection;
  trouble?: Trouble;
  /** What `inspection` was made for: when either has changed since, it is made again. */
  planned?: { profile: Profile; identity: number; brief?: boolean };
  /** The header is fine, but the picture can't be shown. */
  pictureTrouble?: Trouble;
}

/** How the person wants pictures of a series to look; resolved against each frame's own windows. */
export type Choice =
  | { kind: "default" }
  | { kind: "listed"; index: number }
  | { kind: "preset"; name: string }
  | { kind: "person"; center: number; width: number; function: string };

/**
 * How a picture lies on the screen: mirrored, then turned clockwise, then enlarged (1: it fits), then moved, in
 * units of its own square pixels.
 */
export interface Pose { mirror: boolean; turn: 0 | 90 | 180 | 270; zoom: number; x: number; y: number }
export interface Look { choice: Choice; invert: boolean; pose: Pose }

export interface FrameInfo {
  rows: number; columns: number; color: boolean; levels: number; scale: number; offset: number;
  rescale: { slope: number; intercept: number; unit: string } | null;
  windows: Window[]; window: Window | null; pixel_aspect: [number, number]; notes: string[];
  /** How far apart pixels are, vertically and horizontally. */
  spacing?: { mm: [number, number]; source: string } | null;
  /** Where the four sides of the picture point to: A, P, R, L, H, F and pairs of them. */
  orientation?: Sides | null;
  padding?: { low: number; high: number } | null;
  units?: { name: string; slope: number; intercept: number }[];
  /** How many overlay planes there are. */
  overlays?: number;
}
export interface Sides { left: string; right: string; top: string; bottom: string }
export interface LoadedFrame { info: FrameInfo; values: Uint8Array | Uint16Array }

/** What is on the screen now, all of one moment. */
export interface Shown {
  id: string; frameIndex: number; series: string;
  frame?: LoadedFrame; table?: Uint8Array; window?: Window | null; look?: Look; trouble?: Trouble;
  /** 1 where an overlay is drawn, one byte per pixel; none while overlays are off. */
  overlay?: Uint8Array | null;
}

/** How all pictures are drawn; nothing of it changes what is saved. */
export interface Drawing { overlays: boolean; square: boolean; smooth: boolean; marks: boolean }
/** A clip that plays: `rate` is the one chosen (null: the file's own), `real` what the screen came to. */
export interface Cine { playing: boolean; rate: number | null; real: number | null }
/** Frames kept for scrolling: their bytes now, the most there ever were, and the bound. */
export interface Cache { frames: number; bytes: number; peak: number; bound: number }

export interface Preset { name: string; label: string; center: number; width: number }
/** `scope`: what one file holds. `made_by` the browser: Python only makes it natively. `mixed`: frames of several sizes may go into one. `as_stored`: frames of an instance in the order stored. */
export interface Format {
  name: string; label: string; extension: string; mime_type: string;
  scope: "frame" | "series" | "both"; made_by: "core" | "browser"; mixed: boolean; as_stored: boolean; options: FormatOption[];
}
export interface FormatOption {
  name: string; kind: "int" | "bool" | "choice"; default: number | boolean | string;
  low?: number; high?: number; choices?: string[];
}
/** A rule of one's own; `creator` makes it one for a private element. */
export interface OwnRule { attribute: string; action: string; method?: string; creator?: string }
/** A profile as its file has it (data/profile.schema.json). */
export interface Profile {
  format: number; name: string; label: string; description: string;
  options: readonly string[]; dates: "remove" | "month" | "year"; rules: readonly OwnRule[];
  /** What becomes of elements that no rule lists; where they go, groups of which they stay. */
  unlisted: "keep" | "remove"; unlisted_groups?: readonly string[];
}
/** A line of an imported script that means something else here. */
export interface Problem { line: number; attribute: string; kind: "unmapped" | "changed" | "looser"; reason: string }
/** A method that a rule can clean by; `argument` says which it takes, empty for none. */
export interface Method { name: string; label: string; argument: string; vrs: string[] }
/** The answer to `init`: what this core can do. */
export interface About {
  version: string; edition: string; rules: number;
  formats: Format[]; presets: Preset[]; profiles: Profile[];
  options: { name: string; meaning: string }[];
  methods: Method[];
}

/** One attribute, or one item of a sequence (`vr` is then empty), original beside result. */
export interface TagRow {
  path: string; depth: number; tag: string; keyword: string; name: string; vr: string; private: boolean;
  value: string; result: string; action: string; rule: string; method: string;
}
/** The data set of one instance, by one profile and identity. */
export interface Tags { id: string; profile: Profile; identity: number; rows: readonly TagRow[]; trouble?: Trouble }

/** How pseudonyms and UIDs are made. `version` counts changes; `patients`: entries of the person's own table. */
export interface IdentityState { version: number; key: "random" | "passphrase" | "file"; patients: number | null }
/** patient_id, patient_name, pseudonym, study_uid, new_study_uid: original values, in memory only. */
export type Link = readonly [string, string, string, string, string];

export interface Boot { stage: string; done: number; total: number; ready: boolean; failed: boolean }
/** Of a batch also its bytes, since when it pauses (ms; 0: it does not), and whether it has come to its pictures. */
export interface Busy { kind: "deidentify" | "export" | "sample"; done: number; total: number; startedAt: number; cancelling: boolean; bytes?: number; allBytes?: number; pausedAt?: number; pictures?: boolean }
/** `about`: the instance that it is about; it leaves when another is looked at. `place`: one that can be gone to from it. */
export interface Message { tone: "info" | "good" | "bad"; text: string; about?: string; offer?: "png"; place?: string }
/** What a person wants saved. `together`: many frames in one file, where the format can be either. */
export interface ExportWish {
  what: "frame" | "instance" | "series" | "all"; format: string; window: string; together: boolean;
  options: Readonly<Record<string, number | boolean | string>>;
}
/** `label` is a number of ours. */
export interface ExportRefused { label: string; reason: string }
/** What came of an export. */
export interface Exported { files: number; pictures: number; refused: readonly ExportRefused[] }
export interface Refused { number: number; code: string; reason: string; hits?: readonly Hit[] }
/** What was done, of each treatment once: rows refer to `touched` by `shape`. */
export interface Treated { number: number; file: string; size: number; sha256: string; shape: number; pixels?: { stays?: Stays }; [more: string]: unknown }
export interface Report { rows: readonly Treated[]; touched: readonly unknown[]; refused: readonly Refused[]; profile: Profile | string; audit: object | null }
export type AuditStep = "baseline" | "run" | "tags" | "private" | "pixels" | "spot" | "log";
/** What a person said of one instance of the sample; `passed` is null until they did. */
export interface Verdict { passed: boolean | null; note: string }
/** A result as it was written, beside its original: at most one is held. `from`: read where it lies, or made again to the bit. */
export interface Beside {
  number: number; frameIndex: number; look: Look; overlays: boolean; from: "folder" | "again" | null; rows: readonly TagRow[] | null;
  frame?: LoadedFrame; table?: Uint8Array; window?: Window | null; overlay?: Uint8Array | null;
  /** Why there is no result to be looked at, and why there is no picture of it. */
  trouble?: Trouble; pictureTrouble?: Trouble;
}
/** The audit of the last run, in memory only. */
export interface Audit {
  step: AuditStep;
  /** Ids of the inputs by their number in the report; what was decided of their pixels when the run began. */
  ids: ReadonlyMap<number, string>; pixels: Pick<Pixels, "of" | "mode" | "kinds">;
  place: "folder" | "zip" | "file";
  onFailure: "enlarge" | "stop"; verdicts: Readonly<Record<number, Verdict>>;
  /** What the core made of the verdicts: the whole sample so far, and what of it is still to be seen. */
  state: "open" | "passed" | "stopped"; numbers: readonly number[]; open: readonly number[];
  /** What is looked at, by number. */
  at: number | null; beside: Beside | null; all: boolean;
  /** A note that is not taken: it would bring values of these attributes into the log. */
  refused: { number: number; attributes: readonly string[] } | null;
  checked: { tags: boolean; private: boolean };
  reviewer: string;
  /** Whether the log, as it is now, has been saved. */
  saved: boolean;
}
/** How results leave; `limit` (bytes) splits a ZIP. */
export interface Outlet { kind: "zip" | "folder"; limit: number; directory: boolean; pictures: boolean }
/**
 * A question of who is who. `inputs`: ids of the items concerned, side by side; of kind "uid", each side is one item
 * and the choice is the id of the one that stays.
 */
export interface Question { key: string; kind: "names" | "ids" | "studies" | "uid"; inputs: readonly (readonly string[])[] }
/** Answers by the key of the question: "same", "different", "out", or an item's id. */
export type Choices = Readonly<Record<string, string>>;
/** `checked`: the list that the questions are about. */
export interface People { questions: readonly Question[]; choices: Choices; checked: boolean; /** They could not be looked for. */ failed?: boolean }
export type Change =
  | { kind: "choices"; before: Choices; after: Choices }
  | { kind: "look"; series: string; before: Look; after: Look }
  | { kind: "profile"; before: Profile; after: Profile }
  | { kind: "pixels"; before: PixelEdit; after: PixelEdit };
export interface History { past: readonly Change[]; future: readonly Change[] }

export interface State {
  boot: Boot;
  network: "loading" | "shut" | "open";
  about: About | null;
  items: readonly Item[];
  selected: string | null;
  frameIndex: number;
  collapsed: ReadonlySet<string>;
  looks: Readonly<Record<string, Look>>;
  history: History;
  shown: Shown | null;
  thumbs: Readonly<Record<string, ImageBitmap>>;
  busy: Busy | null;
  message: Message | null;
  leftOut: readonly LeftOut[];
  /** A folder is still being walked. */
  listing: boolean;
  people: People;
  report: Report | null;
  audit: Audit | null;
  /** What will be done. The core's own, or one of the person's own (then also `own`). */
  profile: Profile | null;
  /** The last profile that was not the core's: adjusted here, or loaded. */
  own: Profile | null;
  /** What became of the lines of the script that was loaded last. */
  problems: readonly Problem[] | null;
  identity: IdentityState;
  /** The share of a passphrase's work that is done, 0 to 1, while it is. */
  stretching: number | null;
  links: readonly Link[];
  tags: Tags | null;
  drawing: Drawing;
  cine: Cine;
  cache: Cache;
  pixels: Pixels;
  view: "picture" | "tags" | "pixels" | "audit";
  corners: "off" | "original" | "result";
  reportFormat: "json" | "csv" | "html";
  outlet: Outlet;
  dialog: "identity" | "links" | "export" | "leftOut" | "unchecked" | "staying" | null;
  leaving: Leaving | null;
  exportWish: ExportWish;
  exported: Exported | null;
  /** What this browser's encoders can make; null: not asked yet. */
  films: { hevc: boolean; webm: boolean } | null;
  format: string;
  theme: "system" | "dark" | "light";
  keysOpen: boolean;
  dropping: boolean;
}

export interface Store {
  get(): State;
  update(change: (state: State) => Partial<State>): void;
  subscribe(listener: () => void): () => void;
}

export interface Reply { result: any; buffers: (ArrayBuffer | ArrayBufferView)[] }
/** What `init` takes: the project key (32 bytes in hex) and the person's own table, as CSV. */
export interface Secret { key: string; patients?: string; people?: [string, string, string][] }
/** Bytes of a file that were read before the worker asks for them. */
export interface Piece { start: number; bytes: Uint8Array<ArrayBuffer> }
/** Stands for a file that is all in its pieces. */
export interface Held { size: number }
export interface Bridge {
  call(method: string, params: object, file?: Blob | Held, pieces?: Piece[], patience?: number): Promise<Reply>;
  identify(secret: Secret): Promise<Reply>;
  cancel(): void;
  close(): void;
  ready: Promise<any>;
}
/** `batch`: any worker may do it; `patience` (ms): how long without a sign of life. */
export interface CallOptions { file?: Blob | Held | Packed; pieces?: Piece[]; signal?: AbortSignal; batch?: boolean; patience?: number }
export interface Calls {
  /** `more` makes bridges to further workers. */
  attach(bridge: Bridge, more?: (secret?: Secret) => Bridge): void;
  call(method: string, params: object, options?: CallOptions): Promise<Reply>;
  identify(secret: Secret): Promise<Reply>;
  cancel(): void;
  /** A batch is coming: further workers start if it is large enough. */
  widen(instances: number, bytes: number): void;
  /** How many calls of a batch are to be under way. */
  readonly room: number;
}

/** Parts of the page that are loaded when they are first wanted. */
export interface Lazy {
  attach(parts: Map<string, Blob>): void;
  /** A part as it came, gzipped. */
  part(name: string): Promise<Blob>;
  module(name: string): Promise<any>;
  /** A classic worker of these parts, one behind the other. */
  worker(...names: string[]): Promise<Worker>;
}

/** What a person chose in the dialog about identity. */
/** `table` may be a re-identification table of before, which `tablePassphrase` opens. */
export interface IdentityWish {
  key: IdentityState["key"]; passphrase: string; keyFile: File | null;
  table: File | null; tablePassphrase: string; keepTable: boolean;
}

export interface Actions {
  addFiles(files: Iterable<File>): void;
  addDrop(transfer: DataTransfer): Promise<void>;
  /** All files of a folder that the person chooses, where the browser gives them one by one. */
  addFolder(): Promise<void>;
  addSample(): Promise<void>;
  stopReading(): void;
  answer(key: string, choice: string): void;
  askAgain(): Promise<void>;
  remove(ids: Iterable<string>): void;
  select(id: string): void;
  showFrame(frameIndex: number): void;
  step(delta: number): void;
  stepSeries(delta: number): void;
  first(): void;
  last(): void;
  toggle(group: string): void;
  look(change: (look: Look) => Look, options?: { record?: boolean }): void;
  pose(change: (pose: Pose) => Pose, options?: { record?: boolean | "soon" }): void;
  draw(change: Partial<Drawing>): void;
  play(change: Partial<Cine>): void;
  recordLook(series: string, before: Look): void;
  undo(): void;
  redo(): void;
  openPixels(): void;
  /** Looks for text: in what is at risk and was not scanned, or in everything. */
  scanPixels(what: "risky" | "all"): Promise<void>;
  cancelScan(): void;
  pixelMode(change: Partial<Pick<Pixels, "mode" | "kinds">>): void;
  /** Leaves what is seen and goes to what needs eyes next; `delta` alone only goes. */
  acceptPixels(): void;
  stepQueue(delta: number): void;
  choose(mark: string | null): void;
  stepMark(delta: number): void;
  /** A box of one's own on the instance that is looked at; its id. */
  addMark(box: Box, options?: { record?: boolean }): string | null;
  changeMark(id: string, change: Partial<Mark>, options?: { record?: boolean }): void;
  /** A drag is one step of undo. */
  recordMarks(before: Sight): void;
  removeMark(id: string): void;
  applyMark(id: string, reach: Reach): void;
  /** Asks first where pictures that may carry text were not checked. */
  deidentify(): Promise<void>;
  /** Checks what the question is about, or goes on without. */
  checkPixels(): void;
  deidentifyUnchecked(): Promise<void>;
  /** Text that identifies stays, and the person has said so again: what was asked for goes on. */
  letStay(): Promise<void>;
  addRule(what: Side | "outside", count: number, reach: "device" | "all"): Promise<void>;
  removeRule(index: number): void;
  loadRules(file: File): Promise<void>;
  saveRules(): Promise<void>;
  /** Stops a batch after what is in work, or lets it go on. */
  pause(): void;
  wishOutlet(change: Partial<Outlet>): void;
  exportPicture(format?: string): Promise<void>;
  copyPicture(): Promise<void>;
  openExport(): Promise<void>;
  wishExport(change: Partial<ExportWish>): void;
  /** The size of one picture in bytes, as the wish would have it; null where only making it tells. */
  sizeOfOne(): Promise<number | null>;
  runExport(): Promise<void>;
  downloadReport(): Promise<void>;
  openAudit(): void;
  goStep(step: AuditStep): void;
  /** Instance by instance through the sample, and frame by frame through the instance. */
  goNumber(number: number): void;
  /** An instance that need not be in the sample, with its original. */
  lookBeside(number: number): void;
  stepSample(delta: number): void;
  stepFrame(delta: number): void;
  judge(passed: boolean): Promise<void>;
  /** What goes into the log about the instance that is looked at. */
  note(text: string): Promise<void>;
  chooseFailure(onFailure: Audit["onFailure"]): Promise<void>;
  tellAudit(change: Partial<Pick<Audit, "checked" | "reviewer" | "all">>): void;
  saveLog(form: State["reportFormat"]): Promise<void>;
  putLog(): Promise<void>;
  loadLog(file: File): Promise<void>;
  downloadLinks(passphrase: string): Promise<void>;
  chooseProfile(profile: Profile): void;
  changeProfile(change: (profile: Profile) => Profile): void;
  saveProfile(): void;
  loadProfile(file: File): Promise<void>;
  removeAndRetry(id: string): Promise<void>;
  changeChecked(change: (profile: Profile) => Profile): Promise<Trouble | null>;
  identify(wish: IdentityWish): Promise<Trouble | null>;
  cancel(): void;
  say(message: Message | null): void;
}

export interface Context { store: Store; actions: Actions }
/** A view: builds its elements in `root`, follows the store, and returns what undoes both. */
export type Mount = (root: HTMLElement, context: Context) => () => void;
