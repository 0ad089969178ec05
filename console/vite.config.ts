import { pageConfig } from '../ui/build/page-config.ts';

export default pageConfig('/console/');
