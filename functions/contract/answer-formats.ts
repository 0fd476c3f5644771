interface AnswerFormat {
  /** What it is for people. */
  readonly meaning: string
  /** Names by which `Accept` may ask for it; the first is its own. */
  readonly mediaTypes: readonly [string, ...string[]]
  /** Of a file that holds it. */
  readonly extension: string
}

/** Every format in which the gateway answers; the first is what a caller gets who does not say. */
export const answerFormats = {
  json: {
    meaning: 'the whole document: pages, blocks, paragraphs, lines and words with their boxes',
    mediaTypes: ['application/json'],
    extension: '.json',
  },
  text: {
    meaning: 'plain text, a form feed between pages',
    mediaTypes: ['text/plain'],
    extension: '.txt',
  },
  hocr: {
    meaning: 'hOCR 1.2',
    mediaTypes: ['text/vnd.hocr+html', 'text/html', 'application/xhtml+xml'],
    extension: '.hocr',
  },
  tsv: {
    meaning: "the columns of tesseract's TSV",
    mediaTypes: ['text/tab-separated-values'],
    extension: '.tsv',
  },
  alto: {
    meaning: 'ALTO 4',
    mediaTypes: ['application/alto+xml', 'application/xml', 'text/xml'],
    extension: '.alto.xml',
  },
  pdf: {
    meaning: 'searchable PDF: pictures of the pages with invisible text',
    mediaTypes: ['application/pdf'],
    extension: '.pdf',
  },
  ndjson: {
    meaning: 'a line of JSON for each page as soon as it is read',
    mediaTypes: ['application/x-ndjson', 'application/ndjson', 'application/jsonl'],
    extension: '.ndjson',
  },
} as const satisfies Record<string, AnswerFormat>

export type Format = keyof typeof answerFormats
export const formats = Object.keys(answerFormats) as Format[]
export const defaultFormat: Format = 'json'

/** How much of a document JSON tells: of each page its text alone, its lines as well, or every word. */
export const details = ['text', 'lines', 'words'] as const
export type Detail = (typeof details)[number]
export const defaultDetail: Detail = 'words'
