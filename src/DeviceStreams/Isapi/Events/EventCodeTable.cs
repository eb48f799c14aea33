using System.Collections.Frozen;
using System.Globalization;

namespace MediaScore.DeviceStreams.Isapi.Events;

/// <summary>
/// The event table: (major, sub) to meaning, method and words. Always by both numbers: 1024 is three different things. 5.23 and 5.24 are the exit button and not the door, whatever
/// else is written (facts and counter-example in README.md).
/// </summary>
internal static class EventCodeTable
{
    // major.sub, or major.first-last for a run of the same | letter | method | words
    private const string Rows = """
        1.1024|A||alarm zone: short circuit
        1.1025|A||alarm zone: open circuit
        1.1026|A||alarm zone: fault
        1.1027|V||alarm zone: restored
        1.1028|A||device opened or torn off (tamper)
        1.1029|V||tamper restored
        1.1030|A||reader opened or torn off (tamper)
        1.1031|V||reader tamper restored
        1.1032|A||alarm input
        1.1033|V||alarm input restored
        1.1034|A||duress: somebody is forced to open
        1.1035|A||memory for offline events nearly full
        1.1036|A|card|too many failed tries with a card
        1.1037|A||SD card full
        1.1038|V||picture taken by a linkage
        1.1039|A||secure door unit opened (tamper)
        1.1040|V||secure door unit tamper restored
        1.1041|V||point of sale: begin
        1.1042|V||point of sale: end
        1.1043|V||quality of a face picture too low
        1.1044|V||quality of a fingerprint too low
        1.1045|A||fire input: short circuit
        1.1046|A||fire input: open circuit
        1.1047|V||fire input restored
        1.1048|A||fire button pressed
        1.1049|V||fire button restored
        1.1050|V||maintenance button pressed
        1.1051|V||maintenance button restored
        1.1052|A||panic button pressed
        1.1053|V||panic button restored
        1.1054|A||elevator controller opened (tamper)
        1.1055|V||elevator controller tamper restored
        1.1058|A||lane controller opened (tamper)
        1.1059|V||lane controller tamper restored
        1.1060|A||lane controller: fire input
        1.1061|A||lane controller: fire input open
        1.1088|V||printer without paper
        1.1090|A||memory for valid events nearly full
        1.2304-2367|A||alarm of the site's own
        2.38|V||address conflict in the network
        2.39|V||network lost
        2.58|V||RS-485 connection broken
        2.59|V||RS-485 connection restored
        2.1024|V||powered on
        2.1025|V||powered off
        2.1026|A||restarted by its watchdog
        2.1027|V||battery low
        2.1028|V||battery restored
        2.1029|A||mains power lost
        2.1030|V||mains power restored
        2.1031|V||network restored
        2.1032|A||memory cannot be written or read
        2.1033|A||reader offline
        2.1034|V||reader online
        2.1035|V||indicator off
        2.1036|V||indicator restored
        2.1037|V||lane controller offline
        2.1038|V||lane controller online
        2.1039|A||secure door unit offline
        2.1040|V||secure door unit online
        2.1041|V||terminal battery low
        2.1042|V||terminal battery restored
        2.1043|V||local controller: network lost
        2.1044|V||local controller: network restored
        2.1045|V||RS-485 loop broken
        2.1046|V||RS-485 loop restored
        2.1047|V||local controller offline
        2.1048|V||local controller online
        2.1049|V||downstream RS-485 loop broken
        2.1050|V||downstream RS-485 loop restored
        2.1051|V||elevator controller online
        2.1052|V||elevator controller offline
        2.1053|V||identity card reader connected
        2.1054|V||identity card reader lost
        2.1055|V||fingerprint module connected
        2.1056|V||fingerprint module lost
        2.1057|A||camera lost
        2.1058|V||camera restored
        2.1059|V||serial port connected
        2.1060|V||serial port lost
        2.1061|A||a device without authorisation
        2.1062|V||identity terminal online
        2.1063|V||identity terminal offline
        2.1064|A||login locked after too many wrong passwords
        2.1065|V||login unlocked
        2.1066|V||anti-passback server lost
        2.1067|V||anti-passback server restored
        2.1068|V||motor or sensor fault
        2.1069|V||CAN bus fault
        2.1070|V||CAN bus restored
        2.1071|A||barrier too hot
        2.1072|V||infrared fault
        2.1073|V||infrared restored
        2.1074|V||light board lost
        2.1075|V||light board restored
        2.1076|V||infrared adapter lost
        2.1077|V||infrared adapter restored
        2.1078|V||printer connected
        2.1079|V||printer lost
        2.1080|V||4G module connected
        2.1081|V||4G module lost
        2.1084|V||auxiliary board lost
        2.1085|V||auxiliary board restored
        2.1086|V||identity security module connected
        2.1087|V||identity security module lost
        2.1088|V||fingerprint reader connected
        2.1089|V||fingerprint reader lost
        2.1101|V||extension module online
        2.1102|V||extension module offline
        2.2304-2367|V||exception of the site's own
        3.80|V||login at the device
        3.81|V||logout at the device
        3.90|V||upgrade at the device
        3.93|V||settings read at the device
        3.94|V||settings changed at the device
        3.112|V||login over the network
        3.113|V||logout over the network
        3.118|V||settings read over the network
        3.119|V||settings changed over the network
        3.121|V||armed over the network
        3.122|V||disarmed over the network
        3.123|V||restarted over the network
        3.126|V||upgraded over the network
        3.134|V||settings exported
        3.135|V||settings imported
        3.214|V||alarm output switched on
        3.215|V||alarm output switched off
        3.1024|S||door opened over the network
        3.1025|S||door closed over the network
        3.1026|S||door set to stay open over the network
        3.1027|S||door set to stay closed over the network
        3.1028|V||clock set by hand
        3.1029|V||clock set by NTP
        3.1030|V||all cards cleared
        3.1031|V||default settings restored over the network
        3.1032|V||alarm zone armed
        3.1033|V||alarm zone disarmed
        3.1034|V||default settings restored at the device
        3.1035|V||picture taken over the network
        3.1036|V||network reporting changed
        3.1037|V||mobile reporting changed
        3.1038|V||reporting group changed
        3.1039|S||door opened by a dismissal code
        3.1040|V||renumbered by hand
        3.1041|V||renumbered by itself
        3.1042|V||settings file imported
        3.1043|V||settings file exported
        3.1044|V||card rights imported
        3.1045|V||card rights exported
        3.1046|V||upgraded from USB
        3.1047|V||elevator called by a visitor
        3.1048|V||elevator called by a resident
        3.1049|V||armed at the device
        3.1050|V||disarmed at the device
        3.1051|V||key fob that is not paired
        3.1052|S||door closed by a key fob
        3.1053|S||door opened by a key fob
        3.1054|S||door set to stay open by a key fob
        3.1055|V||M1 card encryption on
        3.1056|V||M1 card encryption off
        3.1057|V||NFC on
        3.1058|V||NFC off
        3.1059|V||offline data exported
        3.1069|V||SSH on
        3.1070|V||SSH off
        3.2304-2367|V||operation of the site's own
        5.1|G|card|card accepted
        5.2|G|card+password|card and password accepted
        5.3|D|card+password|card and password refused
        5.4|T|card+password|password came too late
        5.5|D|card+password|too many tries with card and password
        5.6|D|card|no right to this door
        5.7|D|card|outside the hours of this card
        5.8|D||expired
        5.9|N|card|card unknown
        5.10|D|card|anti-passback: was not seen to leave
        5.11|D||another door of the interlock is open
        5.12|D|card|not in the group that has to come together
        5.13|D|card|outside the hours of the group
        5.14|D|password|group: super password refused
        5.15|D||group: opening from afar refused
        5.16|G||group is complete
        5.17|S||stays open after the first card: begin
        5.18|S||stays open after the first card: end
        5.19|S||stays open: begin
        5.20|S||stays open: end
        5.21|S||unlocked
        5.22|S||locked
        5.23|S|button|exit button pressed
        5.24|S|button|exit button released
        5.25|S||door opened
        5.26|S||door closed
        5.27|A||door forced open
        5.28|A||door open for too long
        5.29|V||alarm output on
        5.30|V||alarm output off
        5.31|S||stays closed: begin
        5.32|S||stays closed: end
        5.33|Q||group: waits to be opened from afar
        5.34|G|password|super password accepted
        5.35|D||group: the same person twice
        5.36|T||group: too late
        5.37|V||doorbell rung
        5.38|G|fingerprint|fingerprint accepted
        5.39|D|fingerprint|fingerprint refused
        5.40|G|card+fingerprint|card and fingerprint accepted
        5.41|D|card+fingerprint|card and fingerprint refused
        5.42|T|card+fingerprint|fingerprint came too late
        5.43|G|card+fingerprint+password|card, fingerprint and password accepted
        5.44|D|card+fingerprint+password|card, fingerprint and password refused
        5.45|T|card+fingerprint+password|card, fingerprint and password: too late
        5.46|G|fingerprint+password|fingerprint and password accepted
        5.47|D|fingerprint+password|fingerprint and password refused
        5.48|T|fingerprint+password|fingerprint and password: too late
        5.49|N|fingerprint|fingerprint unknown
        5.50|Q|card|card passed on to the platform
        5.51|V||centre called
        5.52|A||fire: door stays open
        5.53|S||fire: door back to normal
        5.54|G|face+fingerprint|face and fingerprint accepted
        5.55|D|face+fingerprint|face and fingerprint refused
        5.56|T|face+fingerprint|face and fingerprint: too late
        5.57|G|face+password|face and password accepted
        5.58|D|face+password|face and password refused
        5.59|T|face+password|face and password: too late
        5.60|G|face+card|face and card accepted
        5.61|D|face+card|face and card refused
        5.62|T|face+card|face and card: too late
        5.63|G|face+password+fingerprint|face, password and fingerprint accepted
        5.64|D|face+password+fingerprint|face, password and fingerprint refused
        5.65|T|face+password+fingerprint|face, password and fingerprint: too late
        5.66|G|face+card+fingerprint|face, card and fingerprint accepted
        5.67|D|face+card+fingerprint|face, card and fingerprint refused
        5.68|T|face+card+fingerprint|face, card and fingerprint: too late
        5.69|G|number+fingerprint|number and fingerprint accepted
        5.70|D|number+fingerprint|number and fingerprint refused
        5.71|T|number+fingerprint|number and fingerprint: too late
        5.72|G|number+fingerprint+password|number, fingerprint and password accepted
        5.73|D|number+fingerprint+password|number, fingerprint and password refused
        5.74|T|number+fingerprint+password|number, fingerprint and password: too late
        5.75|G|face|face accepted
        5.76|D|face|face refused
        5.77|G|number+face|number and face accepted
        5.78|D|number+face|number and face refused
        5.79|T|number+face|number and face: too late
        5.80|N|face|face unknown
        5.81|S||first card authorises: begin
        5.82|S||first card authorises: end
        5.83|A||lock input: short circuit
        5.84|A||lock input: open circuit
        5.85|A||lock input: fault
        5.86|A||door contact: short circuit
        5.87|A||door contact: open circuit
        5.88|A||door contact: fault
        5.89|A||exit button: short circuit
        5.90|A||exit button: open circuit
        5.91|A||exit button: fault
        5.92|A||lock did not open
        5.93|A||lock opened too late
        5.94|D||first card has not come yet
        5.95|V||elevator relay off
        5.96|V||elevator relay on
        5.97|V||automatic relay off
        5.98|V||automatic relay on
        5.99|V||key relay off
        5.100|V||key relay on
        5.101|G|number+password|number and password accepted
        5.102|D|number+password|number and password refused
        5.103|T|number+password|number and password: too late
        5.104|L|face|not a living face
        5.105|G|face+card|person and identity card match
        5.112|D|face+card|person and identity card do not match
        5.113|D||on the block list
        5.114|V||message accepted
        5.115|V||message refused
        5.116|V||MAC address seen
        5.117|D||door is closed or sleeps
        5.118|D||verification sleeps by plan
        5.119|D|card|encrypted card refused
        5.120|A||anti-passback server does not answer
        5.130|D|button|exit button: door is closed or sleeps
        5.131|H||heartbeat
        5.132|D||linkage: door is closed or sleeps
        5.133|A||tailgating
        5.134|A||passed in the wrong direction
        5.135|A||gate forced
        5.136|A||climbed over
        5.137|A||passing took too long
        5.138|A||intrusion
        5.139|A||free passage without authentication
        5.140|A||barrier blocked
        5.141|V||barrier free again
        5.142|V||face model could not be made
        5.143|V||somebody stays
        5.144|G||let in (144)
        5.150|D||refused (150)
        5.151|D|password|password wrong
        5.152|N|number|number unknown
        5.153|G||combined authentication accepted
        5.154|T||combined authentication: too late
        5.155|D||this way of proving oneself is not allowed here
        5.156|G|code|QR code accepted
        5.157|D|code|QR code refused
        5.159|G|bluetooth|Bluetooth key accepted
        5.160|D|bluetooth|Bluetooth key refused
        5.162|D|card|card of this kind is refused
        5.163|D|card|card of this kind is switched off
        5.164|D|card|card number could not be read
        5.168|D|card|CPU card refused
        5.169|D|card|NFC card refused
        5.170|D|card|EM card refused
        5.171|D|card|M1 card refused
        5.172|V||card keys imported
        5.173|V||upgrade of a local part failed
        5.174|V||upgrade of a local part done
        5.175|V||upgrade of a reader failed
        5.176|V||upgrade of a reader done
        5.177|V||upgrade of a lock unit failed
        5.178|V||upgrade of a lock unit done
        5.179|G|code|dynamic code accepted
        5.180|D|code|dynamic code refused
        5.181|G|password|password accepted
        5.190|G||let in (190)
        5.191|D||refused (191)
        5.193|V||people beyond 90 % of the room for them
        5.226|G||let in (226)
        5.227|G||let in (227)
        5.228|D||refused (228)
        5.1280-1343|V||event of the site's own
        """;

    private static readonly FrozenDictionary<(int Major, int Sub), EventCode> Codes = Parse();

    /// <summary>Null where nobody has explained it.</summary>
    public static EventCode? Find(int major, int sub) => Codes.GetValueOrDefault((major, sub));

    private static FrozenDictionary<(int Major, int Sub), EventCode> Parse()
    {
        var codes = new Dictionary<(int Major, int Sub), EventCode>();
        foreach (var row in Rows.Split('\n'))
        {
            var fields = row.Split('|');
            var numbers = fields[0].Split('.', '-');
            var (major, first) = (Number(numbers[0]), Number(numbers[1]));
            var last = numbers.Length > 2 ? Number(numbers[2]) : first;
            var code = new EventCode(MeaningOf(fields[1]), fields[2], fields[3].Trim());
            // One that stood there twice would fail the first test that looks anything up.
            for (var sub = first; sub <= last; sub++)
                codes.Add((major, sub), code);
        }

        return codes.ToFrozenDictionary();

        static int Number(string text) => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static EventMeaning MeaningOf(string letter) => letter switch
    {
        "G" => EventMeaning.Granted,
        "D" => EventMeaning.Denied,
        "N" => EventMeaning.NotRecognised,
        "L" => EventMeaning.Spoof,
        "T" => EventMeaning.TimedOut,
        "Q" => EventMeaning.Question,
        "S" => EventMeaning.Door,
        "A" => EventMeaning.Alarm,
        "V" => EventMeaning.Device,
        "H" => EventMeaning.Heartbeat,
        _ => EventMeaning.Unknown,
    };
}
