import { byId } from './dom.ts'
import { Failure, failureOf } from './errors.ts'
import { type Source, samplePath, sourceOf } from './source.ts'

interface IntakeOptions {
  onSource(source: Source): void
  onFailure(thrown: unknown): void
}

/** Takes documents in that are dropped, pasted, picked, photographed or shipped with the page. */
export function mountIntake({ onSource, onFailure }: IntakeOptions): { choose(): void } {
  const take = (files: readonly File[]) => {
    try {
      onSource(sourceOf(files))
    } catch (error) {
      onFailure(error)
    }
  }
  takeDropped(take)
  document.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])]
    // A text goes where it is pasted.
    if (files.length > 0 && !document.querySelector('dialog[open]')) take(files)
  })
  const inputs = ['choose', 'photograph'].map((id) => byId(id, HTMLInputElement))
  for (const input of inputs) {
    input.addEventListener('change', () => {
      const files = [...(input.files ?? [])]
      // So that the same file may be chosen again.
      input.value = ''
      if (files.length > 0) take(files)
    })
  }
  for (const sample of document.querySelectorAll<HTMLElement>('[data-sample]')) {
    sample.addEventListener('click', () => {
      fetchSample(sample.dataset['sample'] ?? '').then(onSource, onFailure)
    })
  }
  return { choose: () => inputs[0]?.click() }
}

function takeDropped(take: (files: readonly File[]) => void): void {
  const veil = byId('veil', HTMLElement)
  const hasFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false
  document.addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    veil.hidden = false
  })
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) veil.hidden = true
  })
  document.addEventListener('drop', (event) => {
    veil.hidden = true
    if (!hasFiles(event)) return
    event.preventDefault()
    take([...(event.dataTransfer?.files ?? [])])
  })
}

async function fetchSample(name: string): Promise<Source> {
  const { url, path } = samplePath(name)
  const response = await fetch(url)
  if (!response.ok) throw await failureOf(response)
  const file = await response.blob()
  if (file.size === 0)
    throw new Failure({ title: 'There is nothing to read', detail: `${name} is empty.` })
  return { name, file, path }
}
