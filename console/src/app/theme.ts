import { FONT_MONO, paletteOf, RADIUS, type Scheme } from '@hongmi/ui/tokens.ts';
import { type ThemeConfig, theme } from 'antd';

/** antd's look, from the tokens that all pages share. Where its own colours have too little contrast, ours stand in their place. */
export function antdTheme(scheme: Scheme): ThemeConfig {
  const p = paletteOf(scheme);
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  return {
    algorithm: scheme === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: p.brand,
      colorPrimaryHover: p.brandStrong,
      colorPrimaryActive: p.brandStrong,
      colorPrimaryText: p.brand,
      colorTextLightSolid: p.onBrand,
      colorLink: p.brand,
      colorLinkHover: p.brandStrong,
      colorLinkActive: p.brandStrong,
      colorSuccess: p.green,
      colorWarning: p.warn,
      colorError: p.bad,
      colorErrorText: p.bad,
      colorInfo: p.info,
      // Derived ones are grey where the base is dark: what lies behind a state is ours as well.
      colorSuccessBg: p.greenSoft,
      colorSuccessBorder: p.greenSoft,
      colorWarningBg: p.warnSoft,
      colorWarningBorder: p.warnSoft,
      colorErrorBg: p.badSoft,
      colorErrorBorder: p.badSoft,
      colorInfoBg: p.infoSoft,
      colorInfoBorder: p.infoSoft,
      colorText: p.text,
      colorTextSecondary: p.textSoft,
      colorTextTertiary: p.textSoft,
      colorTextDescription: p.textSoft,
      colorTextPlaceholder: p.textSoft,
      colorTextHeading: p.text,
      colorBgLayout: p.page,
      colorBgBase: p.surface,
      colorBgContainer: p.surface,
      colorBgElevated: p.surface,
      colorBorder: p.line,
      colorBorderSecondary: p.line,
      colorSplit: p.line,
      colorFillAlter: p.inset,
      borderRadius: RADIUS.control,
      borderRadiusLG: RADIUS.card,
      // Of the language of the page: base.css.
      fontFamily: 'var(--hm-font)',
      fontFamilyCode: FONT_MONO,
      fontSize: 14,
      controlHeight: 36,
      wireframe: false,
      motion: !isStill,
      motionDurationMid: '0.14s',
      motionDurationSlow: '0.18s',
    },
    components: {
      Menu: {
        itemSelectedBg: p.brandSoft,
        itemSelectedColor: p.brand,
        itemBg: 'transparent',
        subMenuItemBg: 'transparent',
        itemHeight: 38,
        groupTitleColor: p.textSoft,
      },
      Table: {
        headerBg: p.inset,
        headerColor: p.textSoft,
        rowHoverBg: p.inset,
        headerSplitColor: 'transparent',
        cellPaddingBlock: 11,
      },
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
      Tabs: { itemColor: p.textSoft },
      Segmented: { itemSelectedColor: p.text, trackBg: p.inset },
    },
  };
}
