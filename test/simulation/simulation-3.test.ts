import { testSeeds } from './many-seeds';

testSeeds(401, 200);
