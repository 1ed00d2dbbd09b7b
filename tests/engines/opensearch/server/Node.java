import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.opensearch.analysis.common.CommonAnalysisPlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.transport.Netty4Plugin;

/** One node of OpenSearch: java Node.java KEY=VALUE…, until its standard input ends. */
public class Node extends org.opensearch.node.Node {
    Node(Settings settings) {
        super(
            InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "node"),
            List.of(Netty4Plugin.class, CommonAnalysisPlugin.class),
            false);
    }

    public static void main(String[] given) throws Exception {
        Settings.Builder settings = Settings.builder();
        for (String each : given) {
            String[] pair = each.split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        Node node = new Node(settings.build());
        node.start();
        System.out.println("started");
        while (System.in.read() >= 0) { }
        node.close();
        System.exit(0);
    }
}
