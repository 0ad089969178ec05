import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { Notice } from '@hongmi/ui/mobile/notice.tsx';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { readFrame } from './read-frame.ts';

const words = wordsOf({
  zh: {
    hint: '把二维码放进框内',
    denied: '没有摄像头权限',
    deniedWhy: '请在浏览器设置里允许使用摄像头，或输入手机号。',
    missing: '这里不能使用摄像头',
    missingWhy: '浏览器只在 https 下提供摄像头。可用扫码枪，或输入手机号。',
  },
  en: {
    hint: 'Hold the code into the frame',
    denied: 'The camera is not allowed',
    deniedWhy: 'Allow it in the settings of the browser, or type a phone number.',
    missing: 'There is no camera here',
    missingWhy:
      'Browsers give it to pages over https alone. A hand scanner works, or type a phone number.',
  },
});

/** Often enough for a hand that trembles, seldom enough for a cheap tablet. */
const LOOK_MS = 150;

/** Looks for a code until there is one. The browser asks for the permission now, after the tap, and the camera is off with the sheet. */
export function CameraSheet({ found }: { readonly found: (text: string) => void }) {
  const t = useWords(words);
  const video = useRef<HTMLVideoElement>(null);
  const [trouble, setTrouble] = useState<'denied' | 'missing'>();
  const tell = useEffectEvent(found);
  useEffect(() => {
    if (navigator.mediaDevices === undefined) {
      setTrouble('missing');
      return;
    }
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stream: MediaStream | undefined;
    const look = (): void => {
      if (isOver) return;
      const text = video.current === null ? undefined : readFrame(video.current);
      if (text === undefined) timer = setTimeout(look, LOOK_MS);
      else tell(text);
    };
    navigator.mediaDevices
      .getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } } })
      .then(async (given) => {
        stream = given;
        if (isOver || video.current === null) return stop(given);
        video.current.srcObject = given;
        await video.current.play();
        look();
      })
      .catch((error: unknown) => {
        const name = error instanceof DOMException ? error.name : '';
        if (!isOver) setTrouble(name === 'NotAllowedError' ? 'denied' : 'missing');
      });
    return () => {
      isOver = true;
      clearTimeout(timer);
      if (stream !== undefined) stop(stream);
    };
  }, []);
  if (trouble !== undefined)
    return (
      <Notice tone="warn" title={t[trouble]}>
        {trouble === 'denied' ? t.deniedWhy : t.missingWhy}
      </Notice>
    );
  return (
    <div className="till-camera">
      <video ref={video} muted playsInline aria-label={t.hint} />
      <p>{t.hint}</p>
    </div>
  );
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
