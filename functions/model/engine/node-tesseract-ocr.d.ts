declare module 'node-tesseract-ocr' {
  interface Config {
    readonly lang: string
    readonly psm: number
    readonly binary: string
    readonly [variable: string]: string | number
  }
  const tesseract: { recognize(path: string, config: Config): Promise<string> }
  export default tesseract
}
