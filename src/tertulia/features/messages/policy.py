"""How much one account may say, by whatever edge."""

from tertulia.core.buckets import Bucket

# Nobody types that fast; programs that do are told when to go on.
SPEAKING = Bucket("message.say", 6_000, 60, hot=True)
