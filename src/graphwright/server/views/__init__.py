"""What pages and programs are told of the graph: plain functions of a reader that answer with plain values.

They run in the processes that read, and look up what they tell place by place: none reads all statements for a request.
"""
