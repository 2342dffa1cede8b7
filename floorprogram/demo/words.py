"""Names, places and words of the demo program. All invented."""

PASSWORD = "floor-demo"

# role, name, e-mail
SIGN_INS = [
    ("admin", "Alex Moreau", "admin@demo.example"),
    ("coordinator", "Ingrid Halloran", "coordinator@demo.example"),
    ("sponsor", "Ruth Sandoval", "sponsor@demo.example"),
    ("executive", "Anneke Vos", "executive@demo.example"),
    ("assistant", "Pim de Wit", "assistant@demo.example"),
    ("host", "Maya Rowntree", "host@demo.example"),
]
SITES = [
    {"slug": "leeds", "name": "Leeds", "time_zone": "Europe/London", "country": "GB", "subdivision": "ENG"},
    {"slug": "lisbon", "name": "Lisbon", "time_zone": "Europe/Lisbon", "country": "PT"},
    {"slug": "pune", "name": "Pune", "time_zone": "Asia/Kolkata", "country": "IN", "subdivision": "MH"},
]
PARTNERS = {"pune": "Brightdesk"}
TEAMS = {
    "leeds": ["Billing Care", "Moves", "Field Desk", "Bereavement"],
    "lisbon": ["Prepaid", "Devices", "Business Desk"],
    "pune": ["Broadband", "Roaming", "Fraud"],
}
UNITS = [
    "Calloway / Retail / North", "Calloway / Retail / South", "Calloway / Networks / Core", "Calloway / Networks / Field",
    "Calloway / IT / Customer systems", "Calloway / Finance", "Calloway / Care / Billing", "Calloway / Care / Technical",
]  # fmt: skip
LEVELS = ["Director", "Senior Director", "Vice President"]
FIRST = (
    "Adaeze Bea Callum Dario Elif Farida Gerald Hugh Ingmar Jonas Kofi Lucia Mei Noor Oliver Priya Ravi Samira Tove Uma "
    "Viktor Wen Ximena Yann Zsofia Amara Bruno Chiara Diego Esther"
).split()
LAST = (
    "Okafor Castellan Whitlock Venn Demir Amrani Fitch Tannahill Sorensen Brandt Mensah Marchetti Tanaka Rahman Stroud "
    "Anand Iyer Haddad Hallgren Patel"
).split()
HOST_FIRST = (
    "Rui Tom Nadia Ana Sanjay Asha Meera Beatriz Diogo Leela Joao Hamza Rosa Kiran Tara Owen Ines Vikram Gemma Paulo Zara "
    "Aditi Marta Liam Neha"
).split()
HOST_LAST = "Teixeira Ashdown Bell Moura Patil Kulkarni Desai Lopes Pinto Menon Costa Sheikh Faria Rao Naidu".split()

# title, what stands in the way, what is promised, category
ISSUES = [
    ("SIM swap needs three systems and a paper form", ("An agent opens Billing, Provisioning and the fraud check, and posts a "
     "signed form. It takes 19 minutes; a caller in a shop waits."), "A SIM swap takes one screen and no paper.", "system"),
    ("Prepaid top-ups land in the wrong queue", ("Calls about a failed top-up go to the contract desk, which cannot see "
     "prepaid accounts."), "A caller with a prepaid number reaches the prepaid desk at once.", "call routing"),
    ("Script 14 asks for the postcode twice", "The second question comes after the address is on the screen.",
     "The script asks for a postcode once.", "call script"),
    ("Bereavement calls are transferred twice", "Closing an account of somebody who died needs two desks and a form.",
     "One person closes everything in one call.", "call routing"),
    ("Handset insurance has no direct line to the partner", ("Agents wait in the partner's public queue, on hold with the "
     "customer."), "You get a line to the partner that is answered within a minute.", "supplier"),
    ("Roaming refunds wait for a second signature", "A refund of 30 euros takes four days.",
     "Refunds under 200 euros go out on your word alone.", "policy"),
    ("Engineers' arrival windows are not on our desktop", "Callers know more from their text message than we do.",
     "You see the same arrival window as the caller.", "desktop information"),
    ("Outage map is a day behind the network", "We tell callers all is well while a street is down.",
     "The outage map on your desktop is at most ten minutes old.", "desktop information"),
    ("New starters get no headset in week one", "They listen beside somebody for five days without their own phone.",
     "Every new starter has a working headset on day one.", "staffing"),
    ("Moving house opens four tickets", "Each ticket has its own owner and none knows the others.",
     "A move is one ticket with one owner.", "workflow"),
    ("Fraud blocks are lifted only after 18:00", "A blocked customer calls three times until the night team lifts it.",
     "The day team can lift a block it has checked.", "policy"),
    ("Invoice PDFs open in a viewer without search", "Finding one line of a business invoice takes minutes.",
     "You can search inside an invoice.", "system"),
    ("Training on the new tariff came after its launch", "Callers read us the offer from their letters.",
     "No tariff starts before you were trained on it.", "training"),
    ("Call-backs are promised but not on the schedule", "The promise sits in a note nobody is paged for.",
     "A call-back you promise shows up in somebody's day.", "workflow"),
]  # fmt: skip
UPDATES = [
    "The change is in test with two of your colleagues.",
    "We have the supplier's yes; the contract is with Legal.",
    "The first site works with it since Monday. Two to go.",
    "The budget is agreed. Work starts next week.",
]
NOTES = [
    ("obstacle", "Typed the same account number into three screens during one call.", True),
    ("customer", '"You are the third person I tell this to."', False),
    ("idea", "Show the arrival window next to the ticket.", False),
    ("praise", "Calm with a caller who had been cut off twice.", False),
]
WORDS_OF_HOSTS = [
    "Longer at my desk and less time in the meeting room.",
    "Come in a normal week, not in the week of the audit.",
    "It was good that she took calls herself.",
    "Tell us earlier who comes.",
    "Sit with a new starter too.",
    "The lunch was too crowded to talk.",
    "Bring somebody from IT.",
    "Nothing, it was a good day.",
    "Less note taking, more listening.",
]
WORDS_OF_EXECUTIVES = [
    "I stop the report that nobody on the floor can explain to me.",
    "Discounts up to 50 euros are decided where the customer is.",
    "No rollout of mine without a week on one team's desks first.",
    "I ask for the second call about the same thing, not for minutes.",
    "Two of the eleven systems go before we buy a twelfth.",
]
QUESTIONS_TO_THE_FLOOR = [
    "Which rule would you drop tomorrow?",
    "What do you no longer report, because nothing follows?",
    "Where do customers know more than we tell you?",
    "What would make the first week easier for a new starter?",
]
WORDS_TO_EXECUTIVES = [
    "The average handling time punishes whoever solves it the first time.",
    "We hear of new prices from callers.",
    "Half of my transfers come back, with the story told twice.",
    "The knowledge base is right, but it takes four minutes to find it.",
    "A callback that we promise is another team's to make.",
    "Ask us before the script changes, not after.",
]
PULSE = {  # alignment key: what executives and the front line agree with on average, before a first season
    "call-reasons": (4.3, 2.5),
    "call-causes": (3.6, 2.2),
    "obstacles-known": (3.9, 2.3),
    "obstacles-removed": (3.4, 2.1),
    "obstacles-rules": (3.7, 2.9),
    "tools-complete": (3.6, 1.9),
    "tools-tried": (3.2, 2.2),
    "routing-first": (3.8, 3.1),
    "routing-context": (3.5, 2.4),
    "authority-enough": (3.8, 3.0),
    "authority-backed": (4.1, 3.6),
    "decisions-in-time": (3.6, 2.6),
    "decisions-reasons": (3.7, 3.0),
    "decisions-heard": (3.3, 2.6),
}
# What costs most time: to executives before and after days on the floor, and to everybody who works there
SLOW_TO_EXECUTIVES = ["knowledge", "repeats", "knowledge", "rules", "systems", "repeats", "knowledge"]
SLOW_TO_VISITORS = ["knowledge", "systems", "knowledge", "rules", "systems", "repeats", "other-teams"]
SLOW_ON_THE_FLOOR = ["systems", "other-teams", "systems", "rules", "systems", "other-teams", "knowledge", "repeats"]
