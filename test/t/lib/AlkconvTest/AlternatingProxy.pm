# AlkconvTest::AlternatingProxy: an address with two servers behind it; test/testbed/alternating_proxy.
package AlkconvTest::AlternatingProxy;

use strict;
use warnings;
use parent -norequire, 'AlkconvTest::SlowProxy';
use AlkconvTest::SlowProxy;

sub program { return 'alternating_proxy' }

# start($port, also => $port): the first connection goes to 127.0.0.1:$port, the second to the other, and so on.

1;
