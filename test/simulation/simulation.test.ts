import { testSeeds } from './many-seeds';

testSeeds(1, 200);
