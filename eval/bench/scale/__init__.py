"""How this program does over libraries from a thousand to a million passages.

There is no set of a million passages to be had here that can be embedded on two cores in less than
an hour, so libraries are made of real paragraphs that repeat, with vectors that are mixed of those
of real sentences: such vectors are called synthetic. Each measurement is made in a process of its
own, in which nothing is warm and whose memory is its own.
"""
