import { qualityGrade } from './readingMarks.ts'

/** Three bars, filled by grade; the score is its text. */
export function QualityMark(props: { readonly quality: number }) {
  const text = () => `Quality ${props.quality} of 100`
  return (
    <span
      class="quality-mark"
      data-grade={qualityGrade(props.quality)}
      role="img"
      aria-label={text()}
      title={text()}
    />
  )
}
