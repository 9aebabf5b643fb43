import { testSeeds } from './many-seeds';

testSeeds(201, 200);
