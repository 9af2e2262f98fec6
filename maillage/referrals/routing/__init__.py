"""From a situation to the routes that a convention opens, and why the others are closed: pure, no server needed.

`situation_from_data` reads what is known, `routing_of(terms)` prepares a convention once, `Routing.routes(situation)`
answers, `questions` says what to ask next.
"""
