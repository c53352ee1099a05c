/// The reasons that banks send debits back for, by code. (Nacha operating rules, return reason codes)
package enum ACHReturn {
    /// The code's meaning; a code that was never published is said to be so.
    package static func reason(_ code: String) -> String {
        reasons[code] ?? "The bank gave the code \(code), which has no published meaning."
    }

    /// Whether the code is one that banks use.
    package static func isPublished(_ code: String) -> Bool {
        reasons[code] != nil
    }

    private static let reasons = debits.merging(special) { debit, _ in debit }

    /// What an ordinary debit can come back with.
    private static let debits = [
        "R01": "Insufficient funds.",
        "R02": "The account is closed.",
        "R03": "No such account, or its holder's name does not match.",
        "R04": "The account number cannot be right.",
        "R05": "A consumer's account was debited as a company's, without authorization.",
        "R06": "The originating bank asked for it back.",
        "R07": "The customer has revoked the authorization.",
        "R08": "The customer has stopped the payment.",
        "R09": "The funds in the account are not collected yet.",
        "R10": "The customer says that the debit was not authorized.",
        "R11": "The customer says that the debit is not as agreed.",
        "R12": "The branch was sold to another bank.",
        "R13": "The routing number belongs to no bank that takes ACH entries.",
        "R14": "The representative payee has died or can no longer act.",
        "R15": "The account's holder has died.",
        "R16": "The account is frozen.",
        "R17": "The bank could not process the entry's fields.",
        "R18": "The effective entry date is not allowed.",
        "R19": "The amount's field is wrong.",
        "R20": "The account does not allow ACH debits.",
        "R21": "The company identification is not valid.",
        "R22": "The individual's identification is not valid.",
        "R23": "The receiver refused the credit.",
        "R24": "The entry is a duplicate.",
        "R25": "An addenda record is wrong.",
        "R26": "A mandatory field is missing or wrong.",
        "R27": "The trace number is wrong.",
        "R28": "The routing number's check digit is wrong.",
        "R29": "The company says that the debit was not authorized.",
        "R31": "The originating bank has agreed to a late return.",
        "R32": "The receiving bank cannot settle.",
        "R34": "The receiving bank takes part in ACH only in a limited way.",
        "R35": "A debit is not allowed for this kind of entry or account.",
        "R36": "A credit is not allowed for this kind of entry.",
    ]

    /// Checks turned into entries, government enrolments, disputed returns and international entries.
    private static let special = [
        "R30": "The receiving bank does not take truncated checks.",
        "R33": "The receiving bank returns the entry for a destroyed check.",
        "R37": "The check behind the entry was presented as well.",
        "R38": "Payment of the check behind the entry was stopped.",
        "R39": "The check behind the entry cannot be used for one.",
        "R40": "A government agency returned the enrolment.",
        "R41": "The enrolment's transaction code is wrong.",
        "R42": "The enrolment's routing number is wrong.",
        "R43": "The enrolment's account number is wrong.",
        "R44": "The enrolment's individual number does not match.",
        "R45": "The enrolment's name does not match.",
        "R46": "The enrolment's representative payee indicator is wrong.",
        "R47": "The enrolment is a duplicate.",
        "R50": "The state's law does not allow the check to be re-presented.",
        "R51": "The check cannot be re-presented as an entry.",
        "R52": "Payment of the re-presented check was stopped.",
        "R53": "The check and its re-presentation were both presented.",
        "R61": "The return went to the wrong bank.",
        "R62": "An erroneous or reversing debit is returned.",
        "R67": "The return is a duplicate.",
        "R68": "The return came too late.",
        "R69": "Fields of the return are wrong.",
        "R70": "The late return was not agreed to.",
        "R71": "The dishonored return went to the wrong bank.",
        "R72": "The dishonored return came too late.",
        "R73": "The original return was in time.",
        "R74": "The return has been corrected.",
        "R75": "The return was not a duplicate.",
        "R76": "No error was found in the return.",
        "R77": "The return of a reversing debit is not accepted.",
        "R80": "The international entry is coded wrongly.",
        "R81": "The bank takes no international entries.",
        "R82": "The foreign bank's identification is not valid.",
        "R83": "The foreign bank cannot settle.",
        "R84": "The gateway did not process the entry.",
        "R85": "An international payment was coded as a domestic one.",
    ]
}
