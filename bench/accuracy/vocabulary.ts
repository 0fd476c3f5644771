import { pick } from '../../tests/documents/random.ts'

type Random = () => number

/** Sentences with `{slots}`, and what may stand in the slots. */
interface Vocabulary {
  readonly sentences: readonly string[]
  readonly slots: Readonly<Record<string, readonly string[]>>
}

const english: Vocabulary = {
  sentences: [
    'The {adjective} {thing} was {done} to {place} on {date}.',
    '{name} {verb} the {adjective} {thing} before the {thing} could be {done}.',
    'Please {request} the {thing} and the {thing} by {date} at the latest.',
    'Of {count} {things}, only {count} were {done} without any {trouble}.',
    'Your reference {code} refers to our letter of {date} about the {adjective} {thing}.',
    'We have {done} {count} {things} for {name}, {street}, {place}.',
    'The balance of {amount} is due within {count} days of the invoice date.',
    'According to {name}, the {trouble} in {place} began in the {adjective} {thing}.',
    'Neither the {thing} nor the {thing} showed any sign of {trouble}.',
    'After the {trouble}, {name} moved to {place} and sold {count} {things} for {amount}.',
    'Why the {adjective} {things} {fail} is a question for the next meeting.',
    'Costs rose by {percent} to {amount}, while the number of {things} fell by {percent}.',
    'In the {thing} of {place} there are more than {count} {adjective} {things}.',
    '"It was a {adjective} {thing}," said {name}, "and nobody {verb} it."',
    'Section {small} describes how {things} are {done}; section {small} deals with {trouble}.',
    'Call {phone} or write to {mail} if the {thing} does not arrive.',
  ],
  slots: {
    adjective:
      'quiet annual northern wooden reliable narrow expensive brief yellow remarkable second public careful empty official heavy unusual modern frozen damp'.split(
        ' ',
      ),
    thing:
      'bridge contract harbour engine garden committee library survey shipment kitchen orchard voltage railway archive budget schedule window journey machine laboratory'.split(
        ' ',
      ),
    things:
      'tickets barrels members samples houses letters bicycles windows results patients invoices vehicles drawings questions shares volumes'.split(
        ' ',
      ),
    done: 'delivered repaired measured approved cancelled examined translated rebuilt postponed collected weighed registered'.split(
      ' ',
    ),
    verb: 'described painted ignored inspected borrowed discovered questioned improved lost remembered signed'.split(
      ' ',
    ),
    fail: 'leaked vanished doubled stopped cracked expired grew'.split(' '),
    request: ['check', 'return', 'sign', 'confirm', 'replace', 'forward', 'photograph'],
    trouble: ['damage', 'delay', 'flooding', 'corrosion', 'dispute', 'shortage', 'confusion'],
    name: [
      'Margaret Oduya',
      'J. Whitfield',
      'Dr Kowalski',
      'Henry Baptiste',
      'Ms Farrow',
      'Yusuf Qadir',
      'Lena Vogt',
      'P. O’Hara',
    ],
    place: [
      'Millbrook',
      'Harwick',
      'Eastport',
      'Quarry Hill',
      'Vexford',
      'Lower Jarrow',
      'Kingsbury',
    ],
    street: ['14 Mill Lane', '7b Station Road', '203 Queen Street', '58 Fox Hollow'],
    mail: ['office@harwick.example', 'jobs@vexford.example', 'info@quarry.example'],
  },
}

const german: Vocabulary = {
  sentences: [
    'Die {adjective} {thing} wurde am {date} geprüft und für gut befunden.',
    'Für {count} Stück berechnen wir Ihnen {amount} zuzüglich Mehrwertsteuer.',
    '{name} erklärte, die {thing} müsse vor dem Winter größer werden.',
    'Über die {thing} hörte man in {place} seit Jahren nichts Schönes.',
    'Bitte überweisen Sie den fälligen Betrag bis zum {date}.',
    'Das Gebäude in {place} verfügt über {count} Räume und eine {adjective} {thing}.',
    'Natürlich möchten wir, dass die {thing} künftig pünktlich geöffnet wird.',
    'Herr und Frau {name} fuhren früh durch die Straßen von {place}.',
  ],
  slots: {
    adjective: ['tägliche', 'süße', 'höhere', 'schwäbische', 'große', 'frühere', 'ländliche'],
    thing: ['Brücke', 'Prüfung', 'Lösung', 'Bäckerei', 'Straße', 'Maßnahme', 'Küche', 'Bücherei'],
    name: ['Jäger', 'Müller-Weiß', 'Schröder', 'Köhler', 'Voß'],
    place: ['Köln', 'Görlitz', 'Gießen', 'Lübeck', 'Würzburg'],
  },
}

const french: Vocabulary = {
  sentences: [
    'La {thing} {adjective} a été réparée le {date} à {place}.',
    'Nous vous prions de régler la somme de {amount} avant le {date}.',
    '{name} déclara que la {thing} était trop chère pour être achetée.',
    'Où se trouve la {thing} dont vous m’avez parlé à {place} ?',
    'Après l’été, {count} élèves reçurent une {thing} {adjective}.',
    'Cette forêt, près de {place}, s’étend sur {count} hectares.',
    'Le théâtre fêtera sa réouverture grâce à {name}.',
    'Il a peut-être oublié ça : la {thing} n’était déjà plus là.',
  ],
  slots: {
    adjective: ['fermée', 'élégante', 'âgée', 'légère', 'complète', 'française', 'entière'],
    thing: ['fenêtre', 'société', 'leçon', 'rivière', 'bibliothèque', 'façade', 'théière'],
    name: ['Hélène Lefèvre', 'M. Gérard', 'François Béal', 'Zoé Château'],
    place: ['Besançon', 'Orléans', 'Angoulême', 'Nîmes', 'Sète'],
  },
}

const russian: Vocabulary = {
  sentences: [
    '{thing} в городе {place} была построена в {year} году.',
    'Просим оплатить {amount} не позднее {date}.',
    '{name} сообщил, что {thing} ещё не готова.',
    'На складе осталось {count} ящиков, и каждый весит {small} кг.',
    'Вчера вечером {adjective} {thing} снова закрылась раньше времени.',
    'Жители города {place} хорошо помнят, как это было.',
    'Новая {thing} обошлась дороже, чем предполагал {name}.',
    'Пожалуйста, проверьте счёт № {code} и подпишите договор.',
  ],
  slots: {
    adjective: ['старая', 'южная', 'железная', 'городская', 'широкая', 'бывшая'],
    thing: ['Школа', 'Библиотека', 'Площадь', 'Фабрика', 'Дорога', 'Выставка', 'Мельница'],
    name: ['Иван Щукин', 'доктор Чехова', 'Юрий Объедков', 'Пётр Жданов'],
    place: ['Рязань', 'Калуга', 'Выборг', 'Ярославль', 'Тверь'],
  },
}

const greek: Vocabulary = {
  sentences: [
    'Η {adjective} {thing} άνοιξε στις {date} κοντά στην {place}.',
    'Παρακαλούμε να πληρώσετε {amount} μέχρι τις {date}.',
    'Ο {name} είπε ότι η {thing} δεν είναι ακόμη έτοιμη.',
    'Υπάρχουν {count} κάτοικοι στο χωριό και μόνο μία {thing}.',
    'Το χειμώνα η {thing} κλείνει νωρίς, επειδή χιονίζει.',
    'Πολλοί θυμούνται την παλιά γέφυρα της πόλης {place}.',
    'Τα υπόλοιπα έγγραφα βρίσκονται στο γραφείο του {name}.',
    'Κάθε πρωί ψάχνουμε για ψωμί, γάλα και φρέσκα ψάρια.',
  ],
  slots: {
    adjective: ['μεγάλη', 'ξύλινη', 'δημόσια', 'ήσυχη', 'παλιά', 'ωραία'],
    thing: ['βιβλιοθήκη', 'αγορά', 'εκκλησία', 'γέφυρα', 'έκθεση', 'εταιρεία', 'πλατεία'],
    name: ['Γιώργος Ξένος', 'Νίκος Ψαράς', 'Θανάσης Βλάχος'],
    place: ['Θεσσαλονίκη', 'Πάτρα', 'Καβάλα', 'Λάρισα'],
  },
}

const vocabularies = { eng: english, deu: german, fra: french, rus: russian, ell: greek }

export type Language = keyof typeof vocabularies

const between = (random: Random, low: number, high: number): number =>
  low + Math.floor(random() * (high - low + 1))

const twoDigits = (value: number): string => String(value).padStart(2, '0')

const months = 'January February March April May June July August September October'.split(' ')

/** Slots whose values are numbers of some kind. */
const figures: Record<string, (random: Random, lang: Language) => string> = {
  date: (random, lang) =>
    lang === 'eng'
      ? `${between(random, 1, 28)} ${pick(random, months)} ${figure(random, 'year')}`
      : `${twoDigits(between(random, 1, 28))}.${twoDigits(between(random, 1, 12))}.${figure(random, 'year')}`,
  year: (random) => String(between(random, 1950, 2026)),
  amount: (random, lang) =>
    lang === 'eng'
      ? `${pick(random, ['$', '£'])}${between(random, 1, 98)},${between(random, 100, 999)}.${twoDigits(between(random, 0, 99))}`
      : `${between(random, 10, 990)},${twoDigits(between(random, 0, 99))} €`,
  count: (random) => String(between(random, 11, 970)),
  small: (random) => String(between(random, 2, 19)),
  percent: (random) => `${(random() * 30).toFixed(1)}%`,
  code: (random) =>
    `${pick(random, ['AB', 'KX', 'PR', 'TZ'])}-${between(random, 1000, 9999)}/${between(random, 10, 99)}`,
  phone: (random) => `0${between(random, 20, 79)} ${between(random, 1000000, 9999999)}`,
  price: (random) => (random() * 40).toFixed(2),
  time: (random) => `${twoDigits(between(random, 7, 22))}:${twoDigits(between(random, 0, 59))}`,
}

/** A number of some kind: `price`, `date`, `code`, … */
export function figure(random: Random, kind: string, lang: Language = 'eng'): string {
  const make = figures[kind]
  if (!make) throw new Error(`There is no figure ${kind}`)
  return make(random, lang)
}

export function sentence(random: Random, lang: Language = 'eng'): string {
  const { sentences, slots } = vocabularies[lang]
  return pick(random, sentences).replace(/\{(\w+)\}/g, (_, slot: string) => {
    const choices = slots[slot]
    return choices ? pick(random, choices) : figure(random, slot, lang)
  })
}

export const paragraph = (random: Random, sentences: number, lang: Language = 'eng'): string =>
  Array.from({ length: sentences }, () => sentence(random, lang)).join(' ')

export const shops = [
  'Corner Pantry',
  'Blue Anchor Café',
  'FRESH & FAST',
  'Norwood Hardware',
  'Golden Wok',
  'City Pharmacy',
]

export const goods =
  'Bread Oat Milk;Coffee 250g;Butter;Apples Royal;Cheddar mild;Honey jar;Basmati Rice;Green Tea;Sea Salt;AA Batteries;Light Bulb 9W;Hand Soap;Tomato Soup;Orange Juice;Paper Towels;Dark Choc 70%;Pasta Fusilli;Frozen Peas;Wood Screws;Masking Tape;Eggs 12 Free Rng'.split(
    ';',
  )
